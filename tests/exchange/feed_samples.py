"""One small feed in each shape, in our own words; a test takes a deep copy and changes what matters to it."""

from copy import deepcopy
from typing import Any

Json = Any

EDX_RUN: Json = {
    "key": "course-v1:Poort+BIJ1+2026", "start": "2026-10-01T22:30:00Z", "end": "2026-12-01T12:00:00Z", "enrollment_start": None,
    "enrollment_end": None, "pacing_type": "self_paced", "status": "published", "content_language": "nl-nl",
    "marketing_url": "https://voorbeeld.nl/bijen", "min_effort": 4, "max_effort": 6, "weeks_to_complete": 8,
    "seats": [{"type": "verified", "price": "49.00", "currency": "USD"}, {"type": "audit", "price": "0.00", "currency": "USD"}],
    "staff": [{"given_name": "Iemand", "family_name": "Anders"}],
}
EDX_COURSE: Json = {
    "key": "Poort+BIJ1", "title": "Bijen houden", "short_description": "<p>Begin een kast.</p>",
    "full_description": "<p>Eerst kijken.</p><p>Dan doen &amp; delen.</p>", "level_type": "Introductory",
    "outcome": "<ul><li>Je zet een kast op.</li><li>Je oogst honing.</li></ul>", "prerequisites": [], "prerequisites_raw": "Een tuin",
    "subjects": [{"name": "Biology"}], "topics": [], "owners": [{"key": "Poort", "name": "De Poort"}], "entitlements": [],
    "marketing_url": "https://voorbeeld.nl/bijen", "course_runs": [EDX_RUN],
}
EDX_PROGRAMME: Json = {
    "uuid": "b1", "title": "Stadsimker", "subtitle": "Van kast tot pot", "type": "XSeries", "marketing_slug": "stadsimker",
    "marketing_url": "https://voorbeeld.nl/imker", "authoring_organizations": [{"name": "De Poort"}],
    "courses": [EDX_COURSE, {**EDX_COURSE, "key": "Poort+BIJ2", "title": "Honing", "course_runs": []}],
}
MITXO_RUN: Json = {
    "courseware_id": "golf-1", "start_date": "2027-01-10T09:00:00Z", "end_date": "2027-03-10T09:00:00Z",
    "enrollment_start": "2026-12-01T00:00:00Z", "enrollment_end": "2027-01-20T12:00:00Z", "is_self_paced": False, "live": True,
    "courseware_url": None, "products": [{"price": "100.00", "is_active": True}], "enrollment_modes": [{"mode_slug": "verified"}],
}
MITXO_COURSE: Json = {
    "id": 1, "readable_id": "golven", "title": "Golven", "duration": "9 weeks", "time_commitment": "5-8 hrs/wk", "topics": [{"name": "Natuur"}],
    "departments": [{"name": "Physics"}], "certificate_type": "Certificate of Completion", "min_price": None, "max_price": None,
    "page": {"page_url": "/courses/golven/", "description": "Hoe een golf loopt.", "instructors": [{"name": "Iemand Anders"}]},
    "courseruns": [MITXO_RUN],
}
XPRO_COURSE: Json = {
    "id": 9, "readable_id": "lei-1", "title": "Leiden", "description": "<p>Voor wie leidt.</p>", "url": "https://voorbeeld.nl/lei",
    "external_marketing_url": None, "time_commitment": "5-7 Hours per Week", "duration": "3-4 Weeks", "credits": "1.25", "format": "Online",
    "platform": "xPRO", "topics": [{"name": "Business:Leading"}],
    "courseruns": [{
        "courseware_id": "lei-1+R1", "start_date": "2026-11-02T05:00:00Z", "end_date": "2026-11-27T12:00:00Z", "enrollment_start": None,
        "enrollment_end": "2026-11-05T12:00:00Z", "courseware_url": None, "current_price": 999.0,
    }],
}
XPRO_PROGRAMME: Json = {
    "id": 3, "readable_id": "lei", "title": "Leiders", "description": "<p>Twee vakken.</p>", "url": "https://voorbeeld.nl/leiders",
    "platform": "xPRO", "format": "Online", "credits": "2.5", "start_date": "2026-11-02T05:00:00Z", "end_date": "2027-02-01T12:00:00Z",
    "enrollment_start": None, "current_price": 1800.0, "topics": [],
    "courses": [{**XPRO_COURSE, "title": "Leiden 2"}, {**XPRO_COURSE, "id": 10, "readable_id": "lei-2", "title": "Luisteren"}],
}
BOOTCAMP: Json = {
    "course_id": "Kamp1", "title": "Waterkamp", "short_description": "Een week aan het water", "full_description": "<p>Bouw een dijk.</p>",
    "start_date": "2027-06-05T00:00:01Z", "end_date": "2027-06-11T12:00:00Z", "enrollment_start": None,
    "enrollment_end": "2027-04-15T12:00:00Z", "published": True, "language": None, "level": None, "url": "https://voorbeeld.nl/kamp",
    "location": "Almere Haven", "topics": [{"name": "Water"}],
    "prices": [{"price": 8500, "mode": "Early Bird"}, {"price": 9500, "mode": "Standard"}],
}
SLOAN_COURSE: Json = {
    "Title": "Ketens", "Course_Id": "K1", "Description": "Van boer tot bord.", "Topics": "Business: Operations",
    "URL": "https://voorbeeld.nl/ketens", "Certification_Type": "Operations",
}
SLOAN_RUN: Json = {
    "CO_Title": "KET 3-1-2027", "Course_Id": "K1", "Start_Date": "2027-03-01", "End_Date": "2027-03-03", "Delivery": "In Person",
    "Duration": "3 days", "Time_Commitment": "8 hours/day", "Price": "4500.0", "Continuing_Ed_Credits": "2.0", "Location": "Lausanne",
    "Tuition_Cost(non-USD)": "4100.0", "Currency": "CHF", "Format": None, "Faculty_Name": "Iemand Anders",
}
PROLEARN: Json = {
    "title": "Meten", "nid": "7", "field_course_or_program": "course", "start_value": [1811894400, 1826582400],
    "end_value": [1812240000, 1826928000], "department": "De Poort", "department_url": "https://voorbeeld.nl", "course_link": None,
    "course_application_url": None, "body": "<p>Meten is weten.</p>", "body_override": None, "field_duration": "4 Days",
    "field_time_commitment": None, "field_non_degree_credits": "2.6 CEUs", "field_price": "$3,500", "certificate_name": "Techniek",
    "ucc_name": "Innovation", "format_name": "In person", "field_related_courses_programs": [],
}
TERMS: Json = {"jsonapi": {"version": "1.0"}, "data": [{"type": "taxonomy_term--event_type", "attributes": {"name": "Lezing"}}]}
SITE_CONFIG: Json = {"collections": [{"files": [{"fields": [{"options_map": {"Boven": {"Midden": ["Onder"]}}}]}]}]}


def with_(sample: Json, **changes: Any) -> Json:
    """Return a copy with other values."""
    return deepcopy(sample) | changes


def page(*items: Json, **changes: Any) -> Json:
    """Return a page of an API."""
    return {"next": None, "results": list(items)} | changes


def prolearn(*items: Json) -> Json:
    return {"data": {"searchAPISearch": {"result_count": len(items), "documents": list(items)}}}


def course_node(number: object) -> Json:
    return {"data": {"node_type": "course", "course": number}}


def programme_node(number: object) -> Json:
    return {"data": {"node_type": "program", "required_program": number}}


def operator(kind: str, *children: Json, value: object = None, title: str = "") -> Json:
    return {"data": {"node_type": "operator", "operator": kind, "operator_value": value, "title": title}, "children": list(children)}


def mitxo_programme(number: int, *tree: Json, **changes: Any) -> Json:
    return {"id": number, "readable_id": f"programma-{number}", "title": f"Programma {number}", "display_mode": "program", "topics": [],
            "page": {"page_url": None}, "req_tree": list(tree), "start_date": None} | changes


def mitxo_courses(count: int) -> list[Json]:
    return [with_(MITXO_COURSE, id=number, readable_id=f"vak-{number}", courseruns=[]) for number in range(1, count + 1)]
