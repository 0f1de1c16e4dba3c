"""What people are asked: nothing that is not needed, and at each question why."""

from collections.abc import Iterator

from wtforms import Field, HiddenField

from academy.accounts.forms import factors, organisations, privacy, signing_in
from academy.kernel.db import Base
from academy.kernel.web.forms import Form
from tests import tables

# Who answers these knows why: to prove who one is, to say yes or no, or to choose what happens to someone else.
SAYS_ITSELF = {
    "PasswordSignInForm.email", "PasswordSignInForm.password", "LinkForm.email", "NewPasswordForm.new_password", "AppCodeForm.code",
    "SecondStepForm.code", "PasskeyNameForm.name", "AnswerForm.answer", "InviteForm.role", "RolesForm.roles",
}
NEVER = ("bsn", "birth", "gender", "nationality", "phone", "religion", "ip_address")


def _asked() -> Iterator[tuple[str, str]]:
    """Yield each question of accounts with the text beside it."""
    for module in (factors, organisations, privacy, signing_in):
        for kind in vars(module).values():
            if not (isinstance(kind, type) and issubclass(kind, Form) and kind.__module__ == module.__name__ and not kind.__name__.startswith("_")):
                continue
            for name in dir(kind):
                field = getattr(kind, name)
                if isinstance(getattr(field, "field_class", None), type) and not issubclass(field.field_class, HiddenField):
                    assert issubclass(field.field_class, Field)
                    yield f"{kind.__name__}.{name}", str(field.kwargs.get("description", ""))


def test_each_question_says_why_it_is_asked() -> None:
    asked = dict(_asked())
    assert set(asked) >= SAYS_ITSELF, "what is no longer asked leaves the list"
    assert [name for name, says in asked.items() if name not in SAYS_ITSELF and not says.startswith("Waarom? ")] == []
    assert len(asked) - len(SAYS_ITSELF) >= 12


def test_no_table_has_room_for_what_nobody_needs_to_know() -> None:
    tables.import_models()
    columns = [f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns]
    found = [name for name in columns if any(word in name.partition(".")[2] for word in NEVER)]
    # A rule of a fund may ask an age: the year is asked with its reason, may be left out, and is forgotten at a click. The telephone is
    # an organisation's, which its feed gives for learners to call.
    assert found == ["funding_situation.birth_year", "provider.contact_phone"]
