"""What of a text is prose: its sentences, without the headings, teasers and menu lines that stand between them.

Pages and feeds print headlines of other articles in the midst of a text. They name Vietnam where the article does not.
"""

import re

from classify.text.matching import UNSPACED

# A line that is not a sentence is hardly ever longer than this.
LONGEST_HEADING = 160
# Those of scripts that end sentences by a space alone, or say in a third of the characters what others do.
LONGEST_HEADING_DENSE = {"zh": 60, "ja": 60, "th": 50, "lo": 50, "km": 50, "my": 50}
# The last line may be a sentence cut short, as feeds cut them: from this length on it is taken for one.
SHORTEST_CUT = 80
_ENDS = re.compile(r"[.!?…。！？។၊။।؟;:»”\"'’)\]]$")


def prose(text: str, language: str) -> str:
    """`text` with each line that is no sentence blanked: every character that stays is where it was.

    A line is a sentence when it ends as one, is long, goes on in the next line, or is the last and cut short. A text
    without any is left as it is.
    """
    if "\n" not in text:
        return text
    lines = text.split("\n")
    stripped = [line.strip() for line in lines]
    kept = [
        line if _is_prose(bare, following, language) else " " * len(line)
        for line, bare, following in zip(lines, stripped, [*stripped[1:], None], strict=True)
    ]
    found = "\n".join(kept)
    return found if found.strip() else text


def _is_prose(line: str, following: str | None, language: str) -> bool:
    if not line or line.startswith("<"):
        return False
    if _ENDS.search(line) or len(line) > LONGEST_HEADING_DENSE.get(language, LONGEST_HEADING):
        return True
    if following is None:
        return len(line) > SHORTEST_CUT and language not in UNSPACED
    return following[:1].islower()
