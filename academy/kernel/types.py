"""Column types: aware UTC moments, money, text in two languages, credits with one decimal."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from academy.kernel.money import Money
from academy.kernel.text import Localized


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it naive, so the zone is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    @override
    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Cents(TypeDecorator[Money]):
    """Money as a whole number of euro cents."""

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.cents

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> Money | None:
        return None if value is None else Money(value)


class Credits(TypeDecorator[Decimal]):
    """A number with one decimal, such as 7.5 study credits, kept as a whole number of tenths.

    Raises ValueError for a value that one decimal can not hold.
    """

    impl = Integer
    cache_ok = True

    @override
    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        tenths = value * 10
        if tenths != tenths.to_integral_value():
            message = f"{value} has more than one decimal"
            raise ValueError(message)
        return int(tenths)

    @override
    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 10


class LocalizedText(TypeDecorator[Localized]):
    """Text in Dutch and English as one JSON object."""

    impl = JSON
    cache_ok = True

    @override
    def process_bind_param(self, value: Localized | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {"nl": value.nl, "en": value.en}

    @override
    def process_result_value(self, value: Any | None, dialect: Dialect) -> Localized | None:
        return None if value is None else Localized(value.get("nl", ""), value.get("en", ""))
