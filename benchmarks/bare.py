"""The measure that pages are held against: a bare Flask page with 30 cards from 3,000 rows, SQLAlchemy joined load, Jinja."""

from flask import Flask
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship
from sqlalchemy.pool import StaticPool

_PAGE = """<!doctype html><html lang="nl"><head><title>Modules</title></head><body><h1>Modules</h1><ul>
{% for module in modules %}<li><article><h2><a href="/modules/{{ module.id }}">{{ module.title }}</a></h2>
<p>{{ module.provider.name }}</p><p>{{ module.summary }}</p><dl><dt>EC</dt><dd>{{ module.ec }}</dd><dt>Prijs</dt><dd>{{ module.price }}</dd></dl>
</article></li>{% endfor %}</ul></body></html>"""


class _Base(DeclarativeBase):
    pass


class _Provider(_Base):
    __tablename__ = "provider"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class _Module(_Base):
    __tablename__ = "module"
    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"))
    title: Mapped[str]
    summary: Mapped[str]
    ec: Mapped[int]
    price: Mapped[int]
    provider: Mapped[_Provider] = relationship()


def bare_app() -> Flask:
    """Return the bare application with its rows; `/cards` is the page, `/hello` an answer without a page."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    _Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add_all(_Provider(id=number, name=f"Aanbieder {number}") for number in range(1, 11))
        session.add_all(
            _Module(id=number, provider_id=number % 10 + 1, title=f"Module {number}", summary="Na deze module kun je iets. " * 4,
                    ec=10, price=number)
            for number in range(1, 3001)
        )
    app = Flask("bare")
    page = app.jinja_env.from_string(_PAGE)

    @app.get("/cards")
    def cards() -> str:
        with Session(engine) as session:
            found = session.scalars(select(_Module).options(joinedload(_Module.provider)).order_by(_Module.title).limit(30)).all()
            return page.render(modules=found)

    @app.get("/hello")
    def hello() -> str:
        return "ok"

    return app
