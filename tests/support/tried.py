"""How much of a claim is tried: in CI all, at a desk a part, another one in each run."""

import os
from collections import defaultdict

IS_CI = os.environ.get("CI") == "true"
PART = 4  # a desk tries one in so many
LEFT = "cases left to CI"  # the property of a test's report that says how many


def tries(in_ci, one_in=PART):
    """How many random examples of a claim are tried, which CI tries on so many."""
    return in_ci if IS_CI else -(-in_ci // one_in)


def some(cases, random):
    """All of these cases in CI, else a part that `random` chooses."""
    cases = list(cases)
    return cases if IS_CI else random.sample(cases, tries(len(cases)))


def left_to_ci(items, failed):
    """Of pytest's items those that a desk does not run: most cases of each test that is marked `sampled`.

    pytest-randomly gives items another order in each run, so the first cases of a test are others each time. A case
    that failed in the last run stays until it passes.
    """
    tests = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sampled"):
            tests[test_of(item.nodeid)].append(item)
    left = set()
    for cases in tests.values():
        leaving = {case for case in cases[tries(len(cases)) :] if case.nodeid not in failed}
        left |= leaving
        for case in cases:
            case.user_properties.append((LEFT, len(leaving)))
    return left


def test_of(nodeid):
    """The test that a case belongs to."""
    return nodeid.partition("[")[0]


def counted(reports):
    """How many cases were left to CI, and of how many tests."""
    left = {test_of(one.nodeid): dict(one.user_properties).get(LEFT, 0) for one in reports}
    return sum(left.values()), sum(map(bool, left.values()))
