"""What subscribers notice as JSON, whose keys are a stable interface."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from .noticed import Item, Noticed
from .weights import Weights

FORMAT = 1  # it grows when a key is removed or changes its meaning


def as_json(noticed: Noticed, weights: Weights | None, now: datetime) -> str:
    """One JSON object, in ASCII."""
    value = {
        "format": FORMAT,
        "old": noticed.old,
        "new": noticed.new,
        "at": now.isoformat(timespec="seconds"),
        "is_breaking": noticed.is_breaking,
        "decisions": [asdict(one) for one in noticed.decisions],
        "items": [_item(one) for one in noticed.items],
        "remarks": [asdict(one) for one in noticed.remarks],
        "feeds": [asdict(one) for one in noticed.feeds],
        "readers": [
            asdict(one) | {"subscribers": weights.by_reader.get(one.reader, 0) if weights else None}
            for one in noticed.effects
        ],
        "subscribers": weights.total if weights else None,
        "unseen": dict(noticed.unseen),
        "limits": list(noticed.limits),
    }
    return json.dumps(value, indent=2) + "\n"


def _item(item: Item) -> dict[str, Any]:
    return asdict(item) | {"published": datetime.fromtimestamp(item.published, UTC).isoformat()}
