"""Markdown that is safe to publish: what a document says shows as text, never as markup of ours.

`Markdown` is text that may be printed as it is. Everything else becomes it here: `text` for one
line of plain text, `code` for a code span, `fence` for a code block, and `prose` and `cell` for the
Markdown that people write in descriptions. Of that Markdown the inline formatting, lists, tables,
code and links to `http`, `https` and `mailto` stay; raw HTML shows as text, images become links,
other links become their text. The result is plain CommonMark with tables; nothing of it depends on
an extension, and nothing of it means more where an extension (attribute lists) is there.
"""

from __future__ import annotations

import re
from functools import lru_cache

from oasmith.frozen import frozen
from oasmith.text import Text


class Markdown(str):
    """Markdown that needs no more escaping.

    A `str`, since there are very many. Whatever a method of `str` makes of it is plain text again.
    """

    __slots__ = ()


NOTHING = Markdown("")

# What is no part of text: controls but for tab and line feed, surrogates, what turns text around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


# --- plain text ------------------------------------------------------------------------------

_MARKUP = re.compile(r"[\\`*\[\]<>&|{}~]|(?<!\w)_|_(?!\w)|^(?:[#+\-=!:]|\d+(?=[.)](?:\s|$)))")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "{": "&#123;", "}": "&#125;"}


@lru_cache(maxsize=8192)
def text(value: Text | str) -> Markdown:
    """Return one line that shows `value` as it is, in a paragraph, a heading or a table."""
    line = _SPACE.sub(" ", _CONTROL.sub("", _characters(value))).strip()
    return Markdown(_MARKUP.sub(_escape_markup, line))


def _escape_markup(match: re.Match[str]) -> str:
    found = match[0]
    if found.isdecimal():
        return f"&#{ord(found[0])};{found[1:]}"
    return _ENTITIES.get(found, "\\" + found)


# --- code ------------------------------------------------------------------------------------

# Code that some renderer would take for something else inside a table, or that would come alive
# if the backticks around it were read differently.
_FRAGILE = re.compile("[`<>&|\\\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINK = re.compile(r"\][(\[:]")
_NOT_PLAIN = re.compile(r"[^\w .,:;/+=%@$?-]", re.ASCII)


def drawn(value: Text | str) -> str:
    """Return one line of printable characters, for a drawing that stands in a `fence`."""
    return " ".join("".join(c if c.isprintable() else " " for c in _characters(value)).split())


def _characters(value: Text | str) -> str:
    return value.raw if isinstance(value, Text) else value


@lru_cache(maxsize=8192)
def code(shown: Text | str) -> Markdown:
    """Return a code span that shows the characters, also in a table."""
    value = _characters(shown)
    if (
        value.strip() == value != ""
        and _FRAGILE.search(value) is None
        and _LINK.search(value) is None
    ):
        return Markdown(f"`{value}`")
    line = _SPACE.sub(" ", _CONTROL.sub("", value)) or " "
    return Markdown(f"<code>{_NOT_PLAIN.sub(_numeric, line)}</code>")


def _numeric(match: re.Match[str]) -> str:
    found = match[0]
    return found if found > "\x7f" else f"&#{ord(found)};"


_BACKTICKS = re.compile(r"`{3,}")


def fence(value: str, language: str) -> Markdown:
    """Return a code block."""
    lines = _CONTROL.sub("", value).rstrip("\n")
    ticks = "```"
    if ticks in lines:
        ticks = "`" * (max(map(len, _BACKTICKS.findall(lines))) + 1)
    return Markdown(f"{ticks}{language}\n{lines}\n{ticks}")


# --- links -----------------------------------------------------------------------------------

_HARMLESS = re.compile(r"(?:https?://|mailto:)[^\s<>\"'`\\(){}\[\]|]+", re.IGNORECASE)


def link(label: Markdown, target: str) -> Markdown:
    """Return a link. `target` is an address made here, hence not escaped."""
    return Markdown(f"[{label}]({target})")


def external(label: str, address: Text) -> Markdown:
    """Return a link to an address that the document gives; its text alone if that is unsafe."""
    if _HARMLESS.fullmatch(address.raw):
        return link(text(label), address.raw)
    return text(label)


def join(parts: list[Markdown], between: str = " ") -> Markdown:
    """Return the parts in a row. `between` is Markdown."""
    return Markdown(between.join(parts))


# --- inline Markdown of the document ---------------------------------------------------------

_BEGINS_INLINE = re.compile(r"[\\`<{}!\[\]&]")
_INLINE = re.compile(
    r"(?P<escape>\\.)"
    r"|(?P<ticks>`+)"
    r"|(?P<auto><(?:https?://|mailto:)[^\s<>]*>)"
    r"|(?P<br><br\s*/?>)"
    r"|(?P<html>[<{}])"
    r"|(?P<link>!?\[(?P<label>[^\[\]\n]*)\]"
    r"\(\s*<?(?P<to>[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'))?\s*\))"
    r"|(?P<image>!(?=\[))"
    r"|(?P<opening>\](?=[(:]))"
    r"|(?P<entity>&(?=\#))",
    re.IGNORECASE,
)


def _inline(line: str) -> str:
    """Escape one line. Code spans, links and entities do not reach over its end."""
    out: list[str] = []
    position = done = 0
    while begin := _BEGINS_INLINE.search(line, position):
        position = begin.start()
        match = _INLINE.match(line, position)
        if match is None:
            position += 1
            continue
        out.append(line[done:position])
        position = match.end()
        match match.lastgroup:
            case "escape":
                found = match[0]
                out.append(_ENTITIES.get(found[1], found))
            case "ticks":
                end = _closing(line, match[0], position)
                if end < 0:
                    out.append("\\`" * len(match[0]))
                else:
                    inside = line[position:end]
                    stripped = inside[1:-1] if _padded(inside) else inside
                    out.append(code(stripped))
                    position = end + len(match[0])
            case "auto":
                address = match[0][1:-1]
                out.append(external(address, Text(address)))
            case "br":
                out.append("<br>")
            case "html":
                out.append(_ENTITIES[match[0]])
            case "link":
                out.append(_link(match["label"], match["to"]))
            case "image":
                pass
            case "opening":
                out.append("\\]")
            case "entity":
                out.append("&amp;")
            case _:
                raise AssertionError(match.lastgroup)
        done = position
    if not done:
        return line
    out.append(line[done:])
    return "".join(out)


_TICKS = re.compile("`+")


def _closing(line: str, ticks: str, start: int) -> int:
    """Return where the run of backticks that closes a code span begins, -1 if there is none."""
    for run in _TICKS.finditer(line, start):
        if run[0] == ticks:
            return run.start()
    return -1


def _padded(inside: str) -> bool:
    return len(inside) > 2 and inside[0] == inside[-1] == " " and not inside.isspace()


def _link(label: str, target: str) -> str:
    shown = _inline(label)
    address = target.replace("(", "%28").replace(")", "%29")
    return f"[{shown}]({address})" if _HARMLESS.fullmatch(address) else shown


# --- blocks of Markdown of the document ------------------------------------------------------

# Without any of these a line is what it shows.
_SPECIAL = re.compile(
    "[\\\\`<{}\\[!&#\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_OPENING = re.compile(r" {0,3}[-=~>]|[^\S\n]*(?:[*+]|\d+[.)])\s")
_LATER_OPENING = re.compile(rf"\n(?:{_OPENING.pattern})")
_FENCE = re.compile(r"\s*(?P<ticks>`{3,}|~{3,})[ ]*(?P<language>[\w+-]*)(?P<rest>.*)$")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<title>.*?)[ \t]*#*$")
_UNDERLINE = re.compile(r" {0,3}(?:(=+)|(-+))[ \t]*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")
_BULLET = re.compile(r"\s*(?:[-*+]|(\d{1,9})[.)])\s+")


def prose(words: Text | None, level: int) -> Markdown:
    """Return a description as blocks. Its top headings become headings of `level` (1 to 6)."""
    if not words:
        return NOTHING
    value = words.raw
    if _is_plain(value) and _LATER_OPENING.search(value) is None:
        return Markdown(value.strip())
    out: list[str] = []
    for block in _blocks(value):
        match block:
            case _Code():
                _end_paragraph(out)
                out += [fence(block.text, block.language), ""]
            case _Heading():
                _end_paragraph(out)
                marks = "#" * min(6, level + block.depth)
                out += [f"{marks} {_inline(block.title)}", ""]
            case _Line():
                line = block.text
                if not line and out and not out[-1]:
                    continue
                # Only CommonMark lets a list follow a paragraph without an empty line.
                if _ITEM.match(line) and out and _ends_in_text(out[-1]):
                    out.append("")
                out.append(_line(line))
    return Markdown("\n".join(out).strip("\n"))


def cell(words: Text | None) -> Markdown:
    """Return a description as one line, for a table."""
    return _cell(words.raw) if words else NOTHING


@lru_cache(maxsize=8192)
def _cell(value: str) -> Markdown:
    if "\n" not in value and _is_plain(value):
        return Markdown(value.strip().replace("|", "&#124;"))
    out: list[str] = []
    begin = True
    for block in _blocks(value):
        match block:
            case _Code():
                out += [code(line) for line in block.text.splitlines() if line.strip()]
                begin = True
            case _Heading():
                out.append(f"**{_inline(block.title)}**")
                begin = True
            case _Line():
                line = block.text.strip()
                bullet = _BULLET.match(block.text)
                if bullet:
                    mark = f"{bullet[1]}\\." if bullet[1] else "•"
                    out.append(f"{mark} {_inline(block.text[bullet.end() :].strip())}")
                    begin = False
                elif not line or _UNDERLINE.match(line):
                    begin = True
                elif begin:
                    out.append(_inline(line))
                    begin = False
                else:
                    out[-1] += " " + _inline(line)
    return Markdown("<br>".join(out).replace("|", "&#124;"))


def _is_plain(value: str) -> bool:
    return _SPECIAL.search(value) is None and _OPENING.match(value) is None


def summary(words: Text | None) -> Markdown:
    """Return the first paragraph of a description as one line, for a table."""
    return cell(words.strip().opening()[0]) if words else NOTHING


@frozen(kw_only=False)
class _Code:
    text: str
    language: str


@frozen(kw_only=False)
class _Heading:
    depth: int
    title: str


@frozen(kw_only=False)
class _Line:
    text: str


def _blocks(value: str) -> list[_Code | _Heading | _Line]:
    """Cut a description in code blocks, headings and lines; the least deep heading has depth 0."""
    found: list[_Code | _Heading | _Line] = []
    lines = iter(_CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))
    for line in lines:
        opening = _FENCE.match(line)
        if opening and not (opening["ticks"][0] == "`" and "`" in opening["rest"]):
            indent = len(line) - len(line.lstrip())
            inside: list[str] = []
            for following in lines:
                if re.fullmatch(rf"{opening['ticks']}{opening['ticks'][0]}*", following.strip()):
                    break
                inside.append(following.removeprefix(line[:indent]))
            found.append(_Code("\n".join(inside), opening["language"]))
        elif heading := _HEADING.match(line):
            found.append(_Heading(len(heading["marks"]) - 1, heading["title"]))
        elif (under := _UNDERLINE.match(line)) and _is_paragraph(found):
            title = found.pop()
            assert isinstance(title, _Line)
            found.append(_Heading(0 if under[1] else 1, title.text.strip()))
        elif "](" in line and _CLOSES_LABEL.match(line) and _opens_label(found):
            first = found.pop()
            assert isinstance(first, _Line)
            found.append(_Line(f"{first.text} {line.strip()}"))
        else:
            found.append(_Line(line.rstrip()))
    depths = [block.depth for block in found if isinstance(block, _Heading)]
    if depths and (least := min(depths)):
        found = [
            _Heading(block.depth - least, block.title) if isinstance(block, _Heading) else block
            for block in found
        ]
    return found


_OPENS_LABEL = re.compile(r"\[[^\[\]]*$")
_CLOSES_LABEL = re.compile(r"[^\[\]]*\]\(")


def _opens_label(found: list[_Code | _Heading | _Line]) -> bool:
    """Say whether the last line ends within the label of a link."""
    return (
        bool(found)
        and isinstance(found[-1], _Line)
        and _OPENS_LABEL.search(found[-1].text) is not None
    )


def _is_paragraph(found: list[_Code | _Heading | _Line]) -> bool:
    if not found or not isinstance(found[-1], _Line):
        return False
    line = found[-1].text
    return bool(line.strip()) and not _ITEM.match(line) and not line.startswith(("|", ">", "    "))


def _ends_in_text(line: str) -> bool:
    return bool(line) and not _ITEM.match(line) and not line.startswith((" ", "\t"))


def _end_paragraph(out: list[str]) -> None:
    if out and out[-1]:
        out.append("")


def _line(line: str) -> str:
    # `#text` is a heading for some renderers.
    return _inline(line.replace("#", "\\#", 1) if line.lstrip().startswith("#") else line)
