"""What the server answers when it refuses, in the form that its documents give."""


class Refusal(Exception):
    """An answer with a status and one of the documented codes."""

    def __init__(self, status: int, code: str, message: str = "", kind: str = "invalid_request") -> None:
        super().__init__(code)
        self.status = status
        self.body = {
            "message": message or code, "code": code, "type": kind, "link": f"https://docs.meilisearch.com/errors#{code}",
        }


def bad(code: str, message: str = "") -> Refusal:
    return Refusal(400, code, message)


def known_only(given: object, known: frozenset[str], where: str, code: str = "bad_request") -> None:
    """Refuse a body that is no object, and fields that are not documented."""
    if not isinstance(given, dict):
        raise bad(code, f"Invalid value type{where}: expected an object")
    for field in given:
        if field not in known:
            raise bad("bad_request", f"Unknown field `{field}`{where}: expected one of " + ", ".join(f"`{name}`" for name in sorted(known)))
