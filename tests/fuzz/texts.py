"""Names and texts that a stranger would try: each breaks something if it is not escaped or folded.

Whatever is executed opens a file called `CANARY` for writing, which the worker sees and refuses.
"""

from typing import Final

CANARY: Final = "CANARY"
_RUN: Final = f'open("{CANARY}","w")'

PAYLOADS: Final = (
    f'"""\n{_RUN}\n"""',
    f'""")\n{_RUN}\n("""',
    f"'''\n{_RUN}\n'''",
    f'")\n{_RUN}\n("',
    f"')\n{_RUN}\n('",
    f"x\n{_RUN}\n#",
    f"x\r{_RUN}\r#",
    f"x\r\n{_RUN}\r\n#",
    f"x\x0c{_RUN}\x0c#",
    f"x\x85{_RUN}\x85#",
    f"x\u2028{_RUN}\u2029#",
    f"x\x00{_RUN}\x00",
    f"x\x1c{_RUN}\x1d\x1e\x1f",
    _RUN,
    f"x;{_RUN}",
    f"x), {_RUN}, (",
    f"x] = {_RUN} #",
    f"Annotated[int, {_RUN}]",
    f"{{{_RUN}}}",
    f"{{{{ cycler.__init__.__globals__.__builtins__.{_RUN} }}}}",
    "{% for each in ().__class__.__base__.__subclasses__() %}{{ each }}{% endfor %}{# x #}",
    f"__import__('os').system('touch {CANARY}')",
    f"$(touch {CANARY})`touch {CANARY}`",
    f"# type: ignore\n# -*- coding: utf-7 -*-\n# fmt: off\n{_RUN}",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "[x](javascript:alert(1)) ![x](data:text/html,x) <a href='javascript:1'>x</a> | x | `x` <!--",
    "x\n\n```\n<b>\n```\n\n---\n# x\n| a | b |\n|---|---|\n\n    x\n[a]: javascript:1\n\n[a]",
    '"\n[tool.x]\na = "',
    "x'''\n[x]\n",
    '"; touch CANARY; "',
    "\\",
    "x\\",
    'x"',
    'x\\"',
    'x"""',
    "\\N{BULLET} \\x41 \\u0041 \\777 \\N{",
    "%s %(x)s %n {0} {x!r} {",
    "\x1b[2Jx\x1b]0;x\x07",
    "\u202eabc\u2066def\u2069\u200f\u061c",
    "x\u200by\ufeffz\u00ad",
    "\ud800",
    "x\udfff",
    "\U000e0041\ufff9",
    "x" * 300,
    "- x\n- y\n\n1. z\n\n> q",
    "x  \n\ty\n",
    "",
    " ",
    "\t",
)
"""Texts for descriptions, titles, values: everything that is no name."""

NAMES: Final = (
    *("id", "name", "kind", "value", "items", "data", "next", "Thing", "thing", "THING", "things"),
    *("class", "None", "True", "async", "match", "type", "_", "__", "___", "self", "cls", "lambda"),
    *("model_config", "model_fields", "model_x", "copy", "json", "schema", "validate", "dict"),
    *("model_dump", "model_rebuild", "construct", "parse_obj", "root", "fields", "extra"),
    *("__init__", "__class__", "__dict__", "__slots__", "__pydantic_extra__", "__getattr__"),
    *("_constants", "_rules", "_settings", "_client", "_runtime", "__all__", "__import__"),
    *("BaseModel", "Field", "Literal", "Annotated", "Any", "Model", "Client", "AsyncClient"),
    *("TypedDict", "TypeAlias", "Tag", "Unset", "UNSET", "Response", "Operation", "Error"),
    *("str", "int", "list", "object", "print", "open", "exec", "property", "super", "bytes"),
    *("models", "sync", "aio", "errors", "testing", "pydantic", "typing", "datetime", "os"),
    *("base_url", "timeout", "headers", "transport", "body", "options", "with_options", "close"),
    *("max_retries", "call", "stream", "raw", "api_key", "token", "auth", "with_raw_response"),
    *("", " ", "-", "--", ".", "..", "...", "/", "\\", "'", '"', "#", "?", "*", "1", "1a", "9.9"),
    *("a b", "a-b", "a_b", "aB", "AB", "ab", "a.b", "a/b", "a~b", "~0", "~1", "%2F", "%", "a:b"),
    *("a[]", "a[b]", "{a}", "{", "}", "$ref", "$defs", "x-a", "+1", "-1", "<", "<b>", "|", "&"),
    *("con", "CON", "aux", "nul", "com1", "nul.txt", "../../x", "/etc/x", "C:\\x", "~/x"),
    *("\ufb01", "fi", "\u212a", "K", "k", "\u00e4", "a\u0308", "\u2115", "N", "\u017f", "s"),
    *("\u00b5", "\u03bc", "\u0660", "\u00b2", "\u65e5\u672c", "\U0001f600", "\u0301", "\u200b"),
    *("\uff43\uff4f\uff4e", "\u2160", "\u0130", "\u0131", "\u1e9e", "\u00df", "\u02b0", "\u309b"),
    *("x" * 300, "X" * 300, "a" * 90, "a_" * 60, "\u65e5" * 100),
    *("a\nb", "a\rb", "a\x00b", "a\u2028b", "a\u202eb", "\ud800", "a\x85b", "\x1b[2J", "\x7f"),
)
"""Names of schemas, properties, operations, tags: what becomes identifiers and files."""

PLAIN: Final = (
    *("id", "name", "kind", "value", "items", "data", "next", "size", "color", "owner", "parent"),
    *("created", "updated", "page", "limit", "Pet", "Order", "Customer", "Address", "Invoice"),
    *("pet", "order", "customer", "line-item", "lineItem", "user_id", "X-Request-ID", "v2"),
)
"""Names as they are in documents of good will."""

PATTERNS: Final = (
    *(
        "^a+$",
        "",
        "(",
        "[",
        "(a+)+$",
        "(?=a)b",
        "(?<!a)b",
        "\\p{L}",
        "\\d{2,4}",
        "\\",
        "[[:alpha:]]",
    ),
    *("(?P<x>a)(?P=x)", "(?<x>a)\\k<x>", "a{99999}", "a{2,1}", "\\u{1F600}", "\\x41", "^\\/x$"),
    *('"""', "'", "(?i)a", "a(?#x)", "\\N{BULLET}", "\ud800", "[\\w-\\d]", "*", "(?>a)", "a++"),
    *("(a|aa)+$", "(?R)", "\\Z", "\\A", "$^", "[^]", "[]", "\x00", "{", "(?{x})", "(" * 60),
)

FORMATS: Final = (
    *(
        "date",
        "date-time",
        "time",
        "duration",
        "uuid",
        "email",
        "uri",
        "byte",
        "binary",
        "password",
    ),
    *("int32", "int64", "float", "double", "decimal", "ipv4", "hostname", "regex", "sse", "x\ny"),
)

MEDIA_TYPES: Final = (
    *("application/json", "text/event-stream", "application/x-ndjson", "text/plain"),
    *("multipart/form-data", "application/x-www-form-urlencoded", "application/octet-stream"),
    *("application/problem+json", "image/*", "*/*", "application/xml", "application/jsonl"),
    *("application/json; charset=utf-8", "json", "", "a/b\r\nX: y", 'a/"""', "text/", "/", "a/b/c"),
)

NUMBERS: Final = (
    *(0, 1, 2, -1, 10, 255, 2**31, 2**53 + 1, 2**63, 10**30, -(10**30), 10**400),
    *(0.1, 0.5, -0.0, 1.0, 1e-7, 1e300, 3.14),
)

URLS: Final = (
    *("https://api.example/v1", "/", "/v1", "", "https://{host}.example:{port}/x", "{a}{b}"),
    *("javascript:alert(1)", "file:///etc/passwd", "//x", "http://[::1", "https://x/\r\nX: y"),
    *(
        "https://user:pw@x.example",
        "https://x/{",
        'https://x/"""',
        "ftp://x",
        "https://\u65e5.example",
    ),
)
