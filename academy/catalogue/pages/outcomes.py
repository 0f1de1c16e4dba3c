"""The outcomes of the module form, with the skills one can tag them with; it works with and without JavaScript."""

from collections.abc import Sequence
from typing import Any, Final

from flask import url_for

from academy.catalogue import forms
from academy.catalogue.queries.choosing import SkillChoices
from academy.kernel.formats import Shown, shown
from academy.kernel.translation import reading_language

_UNDER_MORE: Final = (
    "description", "entry", "hours", "code", "languages", "language_level", "modes", "assessments", "certificate", "sectors", "topics",
    "price", "website", "title_en", "summary_en", "description_en", "entry_en",
)


def asks_for_help(form: forms.ModuleForm) -> bool:
    """Tell whether a button asks for an outcome more, or for skills to choose; then nothing is saved yet.

    Enter presses no button of its own: it searches when there are words to search for.
    """
    if form.act.data == "add-outcome":
        form.make_room()
        return True
    if not form.act.data:
        return any(entry.form.find.data for entry in form.outcomes)
    return form.act.data.startswith("find-")


def outcome_rows(form: forms.ModuleForm, choices: Sequence[SkillChoices] | None) -> list[dict[str, Any]]:
    """Return each outcome with the skills it has and those to choose; without a classification there are none.

    `is_new` and `is_sought` are where the cursor goes: the page was asked for from there.
    """
    return [
        {
            **choice_values(row, None if choices is None else choices[row], asked=bool(entry.form.find.data)),
            "entry": entry.form, "number": row + 1, "is_open": bool(entry.form.find.data) or form.act.data == f"find-{row}",
            "is_new": form.act.data == "add-outcome" and row == len(form.outcomes) - 1,
            "is_sought": form.act.data == f"find-{row}" if form.act.data else bool(entry.form.find.data),
            "suggest_url": url_for("catalogue.suggest_skills", row=row),
        }
        for row, entry in enumerate(form.outcomes)
    ]


def choice_values(row: int, choices: SkillChoices | None, *, asked: bool) -> dict[str, Any]:
    """Return the skills of an outcome as check boxes, those it has first; `row` counts from 0, `asked` that words were searched."""
    chosen = () if choices is None else choices.chosen
    found = () if choices is None else choices.found
    return {
        "row": row, "can_tag": choices is not None, "asked": asked, "found": len(found),
        "skills": [
            *({"uri": one.uri, "label": shown(one.label), "hint": "", "chosen": True} for one in chosen),
            *(
                {"uri": one.uri, "label": Shown(one.label, "" if one.spoken == reading_language() else one.spoken), "hint": "" if one.matched.casefold() == one.label.casefold() else one.matched,
                 "chosen": False}
                for one in found
            ),
        ],
    }


def more_is_open(form: forms.ModuleForm) -> bool:
    """Tell whether something under "Meer" is wrong, so that it is seen."""
    return any(form[name].errors for name in _UNDER_MORE)
