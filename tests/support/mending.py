"""An editor who does what a message says, to the letter: pastes what it shows into the place that it names."""

import re

_FIELD = re.compile(r"(?:- |[\w-]+: )")


def mended(text, fault):
    """The file as the message about it says to write it. Of several proposals the first is taken."""
    lines = text.split("\n")
    line, column = lines[fault.line - 1], fault.column - 1
    if indented := re.search(r"indent(?:ed)?\b.*?: `([ ].*)`$", fault.message):
        lines[fault.line - 1] = indented[1]
        return "\n".join(lines)
    advice = _advice(fault.message)
    if shown := re.search(r"has no `[\w-]+`; add `([\w-]+: [^`]+)`", fault.message):
        return f"{text}{shown[1]}\n"
    if fields := re.findall(r"`([\w-]+: [^`]+)`", advice):
        names = [field.partition(":")[0] for field in fields]
        others = [each for each in lines if each != line and each.partition(":")[0] not in names]
        return "\n".join([*fields, *others])
    begin = _FIELD.match(advice)
    if begin and line.lstrip().startswith(begin[0].rstrip()):
        lines[fault.line - 1] = line[: len(line) - len(line.lstrip())] + advice
    elif begin:  # a value between braces, the last one there
        start = line.rindex(begin[0], 0, column + 1)
        lines[fault.line - 1] = line[:start] + advice + line[line.rindex("}") :]
    else:
        value = re.split(r" or (?=\S+ for )| or (?=[0-9]{4}-)", advice)[0]
        value = re.sub(" for .*$", "", value) if re.match("[0-9]{4}-", value) else value
        lines[fault.line - 1] = line[:column] + value + ("]" if line[:column].endswith("[") else "")
    return "\n".join(lines)


def _advice(message):
    """What stands behind "write" in a message, or the list that it shows."""
    if listed := re.search(r"are written as a list: (\[.*\]); one that holds a comma: ", message):
        return listed[1]
    lead = "its day too, such as |it whole, such as |one such as |an ordinary one: |a space after the colon: "
    found = re.search(rf"write (?:{lead})?(.*)$", message)
    return found[1] if found else ""
