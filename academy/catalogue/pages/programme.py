"""The page of a programme: what its degree asks, drawn as half-years with blocks as high as their credits."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from markupsafe import Markup

from academy.catalogue import facts, rules, structured_data, words
from academy.catalogue.models import OfferingState, RequirementKind
from academy.catalogue.pages.public import json_ld, listed_module, module_row, price_text, programme_card
from academy.kernel.formats import Shown, credits_text, in_current_language, number_text, paragraphs, short_day, shown
from academy.kernel.translation import _, ngettext, reading_language
from academy.kernel.web import address_of, public_address

_STEP: Final = Decimal("2.5")  # EC; one step of height in the picture
_MOST_STEPS: Final = 12
_YEAR: Final = 12  # months
_HALF_YEAR: Final = Decimal(30)  # EC


def programme_values(page: facts.ProgrammePage) -> dict[str, Any]:
    """Return what the page of a programme shows."""
    summary = page.summary
    description = shown(page.description)
    return {
        **programme_card(summary),
        "slug": summary.slug,
        "description": description,
        "paragraphs": paragraphs(description.text),
        "provider_name": summary.provider_name,
        "provider_url": address_of("catalogue.provider_page", summary.provider_slug),
        "level_label": words.level_word(summary.nlqf),
        "level_codes": words.level_codes(summary.nlqf, page.eqf),
        "duration": _duration(page.months),
        "language": ", ".join(words.language_word(language) for language in page.languages),
        "entry": shown(page.entry),
        "entry_paragraphs": paragraphs(in_current_language(page.entry)),
        "entry_level": words.level_word(page.entry_nlqf),
        "partners": [
            {"name": name, "url": address_of("catalogue.provider_page", slug) if slug else ""} for name, slug in page.partners
        ],
        "codes": [(words.code_word(code.scheme), code.value) for code in page.codes],
        "website": page.website,
        "intakes": [_intake(intake) for intake in page.intakes if intake.state is OfferingState.ACTIVE],
        "module_count": summary.module_count,
        "module_words": ngettext("%(count)s module", "%(count)s modules", summary.module_count, count=number_text(summary.module_count)),
        "picture": None if page.requirements is None or not summary.module_count else picture(page),
        "structured_data": _structured(page),
    }


def _duration(months: int | None) -> str:
    if not months:
        return ""
    if months % _YEAR == 0:
        return ngettext("%(num)s jaar", "%(num)s jaar", months // _YEAR)
    return ngettext("%(num)s maand", "%(num)s maanden", months)


def _intake(intake: facts.IntakeFacts) -> dict[str, str]:
    first = short_day(intake.starts_on)
    closes = _("Aanmelden tot en met %(day)s", day=short_day(intake.closes_on)) if intake.closes_on else ""
    if intake.opens_on and intake.closes_on:
        closes = _("Aanmelden van %(first)s tot en met %(last)s", first=short_day(intake.opens_on), last=short_day(intake.closes_on))
    return {
        "starts": first,
        "variant": words.variant_word(intake.variant) if intake.variant else "",
        "closes": closes,
        "seats": ngettext("%(count)s plek", "%(count)s plekken", intake.seats, count=number_text(intake.seats)) if intake.seats else "",
        "price": price_text(intake.price) or intake.price_note,
    }


def picture(page: facts.ProgrammePage) -> dict[str, Any]:
    """Return the requirement tree: columns of half-years with what belongs there whole, and the blocks that spread over several."""
    root = page.requirements
    assert root is not None
    whole = root.items if root.kind is RequirementKind.ALL_OF else (root,)
    periods: dict[int, list[facts.RequirementFacts]] = {}
    for item in whole:
        periods.setdefault(_period(item), []).append(item)
    spread = periods.pop(0, [])
    return {
        "columns": [_column(page, number, items) for number, items in sorted(periods.items())],
        "spread": [_block(page, item) for item in spread],
        **_sum(page, root),
        "own": _own(page),
    }


def _period(item: facts.RequirementFacts) -> int:
    """Return the half-year in which the whole of it falls; 0 when there is no such one."""
    found = {leaf.period or 0 for leaf in leaves(item)}
    return found.pop() if len(found) == 1 else 0


def leaves(item: facts.RequirementFacts) -> Iterator[facts.RequirementFacts]:
    """Yield the modules that a requirement names."""
    if item.kind is RequirementKind.MODULE:
        yield item
    for below in item.items:
        yield from leaves(below)


def _part(item: facts.RequirementFacts) -> rules.Part:
    """Return the node for counting."""
    ec = item.module.ec if item.module is not None else item.ec
    return rules.Part(item.kind.value, ec, item.number, tuple(_part(below) for below in item.items))


def _column(page: facts.ProgrammePage, number: int, items: list[facts.RequirementFacts]) -> dict[str, Any]:
    asked = [rules.credits_asked(_part(item)) for item in items]
    return {
        "label": _("Halfjaar %(number)s", number=number),
        "ec": credits_text(sum((ec for ec in asked if ec is not None), Decimal(0))) if any(asked) else "",
        "blocks": [_block(page, item) for item in items],
    }


def _block(page: facts.ProgrammePage, item: facts.RequirementFacts) -> dict[str, Any]:
    """Return a module, or what one chooses from with everything below it."""
    part = _part(item)
    asked = rules.credits_asked(part)
    block: dict[str, Any] = {
        "ec": "" if asked is None else credits_text(asked),
        "width": 0.0 if asked is None else float(min(asked, _HALF_YEAR)),
        "steps": 0 if asked is None else min(_MOST_STEPS, max(1, round(asked / _STEP))),
    }
    if item.kind is RequirementKind.MODULE:
        return {**block, "module": _leaf(page, item)}
    return {
        **block, "module": None, "title": shown(item.title), "rule": _rule(item), "chosen": item.kind is not RequirementKind.ALL_OF,
        "items": [_block(page, below) for below in item.items],
    }


def _leaf(page: facts.ProgrammePage, item: facts.RequirementFacts) -> dict[str, Any]:
    if item.module is None or not item.is_published:  # also a draft: its title is not public
        return {"title": Shown(_("Een module die nu niet wordt gegeven")), "url": "", "provider": "", "price": ""}
    row = module_row(item.module)
    return {**row, "provider": "" if row["provider"] == page.summary.provider_name else row["provider"]}


def _rule(item: facts.RequirementFacts) -> str:
    """Return what to do with what stands below."""
    if item.kind is RequirementKind.CREDITS_OF:
        return _("Kies samen %(ec)s EC", ec=credits_text(item.ec or Decimal(0)))
    if item.kind is RequirementKind.NUMBER_OF:
        return _("Kies %(number)s van de %(count)s", number=item.number, count=len(item.items))
    return _("Je doet dit allemaal")


def _sum(page: facts.ProgrammePage, root: facts.RequirementFacts) -> dict[str, Any]:
    """Return how the modules add up beside what the degree asks."""
    asked, found = page.summary.ec, rules.credits_asked(_part(root))
    if found is None:
        return {"found": "", "gap": _("Van sommige modules is het aantal EC nog niet bekend"), "bar": None}
    gap = ""
    if asked is not None and found < asked:
        gap = _("nog %(ec)s EC te kiezen", ec=credits_text(asked - found))
    elif asked is not None and found > asked:
        gap = _("%(ec)s EC meer dan het diploma vraagt", ec=credits_text(found - asked))
    total = max(asked or found, found)
    return {"found": credits_text(found), "gap": gap, "bar": {"total": float(total), "found": float(found)} if total else None}


def _own(page: facts.ProgrammePage) -> str:
    """Return how much of the degree has to be done at the institution that awards it."""
    if page.ec_at_provider is None:
        return ""
    return _("Minstens %(ec)s EC doe je bij %(provider)s. De rest mag ook ergens anders.", ec=credits_text(page.ec_at_provider),
             provider=page.summary.provider_name)


def _structured(page: facts.ProgrammePage) -> Markup:
    language, summary = reading_language(), page.summary
    data = structured_data.programme_data(
        page, language=language, address=public_address(address_of("catalogue.programme_page", summary.slug)),
        provider_address=public_address(address_of("catalogue.provider_page", summary.provider_slug)),
        courses=[listed_module(module) for module in _published(page.requirements)],
    )
    return json_ld(data)


def _published(root: facts.RequirementFacts | None) -> list[facts.ModuleSummary]:
    """Return the modules that are offered, each once: an elective may stand in more than one block."""
    found = leaves(root) if root is not None else ()
    return list({leaf.module.id: leaf.module for leaf in found if leaf.is_published and leaf.module is not None}.values())
