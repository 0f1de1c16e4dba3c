"""The measure that enrolling is held against: Flask and SQLAlchemy with a guarded UPDATE, a hold and a message to send, and nothing around it."""

import os
from datetime import datetime
from uuid import UUID, uuid4

from flask import Flask, Response
from sqlalchemy import JSON, CheckConstraint, Uuid, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from academy.kernel.clock import utc_now
from academy.kernel.db import Database, Moment


class _Base(DeclarativeBase):
    pass


class _Pool(_Base):
    __tablename__ = "bare_pool"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= capacity"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    capacity: Mapped[int]
    taken: Mapped[int]


class _Hold(_Base):
    __tablename__ = "bare_hold"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    pool_id: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)


class _Message(_Base):
    __tablename__ = "bare_message"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    payload: Mapped[dict[str, str]] = mapped_column(JSON)


def prepare(database: Database, seats: int) -> None:
    """Make the tables, and one pool with so many seats."""
    _Base.metadata.create_all(database.engine)
    with database.writing() as session:
        session.add(_Pool(id=1, capacity=seats, taken=0))


def bare_app() -> Flask:
    """Return the bare application on DATABASE_URL."""
    app, database = Flask("bare"), Database(os.environ["DATABASE_URL"])

    @app.post("/hold/<int:_number>")
    def hold(_number: int) -> Response:
        with database.writing() as session:
            mine = _Hold(id=uuid4(), pool_id=1, made_at=utc_now())
            session.add_all([mine, _Message(id=uuid4(), payload={"hold": str(mine.id)})])
            session.flush()
            left = _take(session)
        return Response("", 303 if left else 409)

    @app.get("/hello")
    def hello() -> str:
        return "ok"

    return app


def _take(session: Session) -> bool:
    taken = update(_Pool).where(_Pool.id == 1, _Pool.taken < _Pool.capacity).values(taken=_Pool.taken + 1).returning(_Pool.id)
    return session.scalar(taken) is not None
