"""Words that would be markup, script or a formula, in every field that a case and what follows from it keep.

The client that opens the pages fails for a script, an event handler or an address that runs; here they are also looked
for as they were typed, in every page, list, file and mail.
"""

import csv
import io
from datetime import timedelta

import pytest
from markupsafe import escape

from charlton_intranet.mail.models import OutboxMessage
from charlton_intranet.moderation import service
from charlton_intranet.moderation.models import Letter, Reconsideration, Referral
from charlton_intranet.moderation.rules import Context, Outcome, Position
from charlton_intranet.moderation.rules.letters import LetterHow, LetterKind
from charlton_intranet.moderation.rules.worksheet import ReferredTo
from charlton_intranet.moderation.service import desk, referring, save_view
from charlton_intranet.moderation.service.letters import write_to_writer
from tests.conftest import Town
from tests.moderation import factories, worksheet_factories
from tests.moderation import reconsideration_factories as asking
from tests.security.test_ownership import routes

HOSTILE = (
    "</textarea></title><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "<mark><b onclick=alert(1)>x</b></mark>",
    "{{7*7}}${7*7}<%=7*7%>",
    "javascript:alert(1)//",
    '=HYPERLINK("https://evil.example","x")',
)
PAGES = (
    "/", "/triage", "/triage?state=closed&words=alert", "/triage?words=onerror&state=dismissed", "/referrals",
    "/contributors", "/triage/reconsiderations", "/triage/reconsiderations?answered=yes", "/triage/consistency",
    "/triage/times", "/duties", "/settings/mail", "/oversight/audit",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_what_was_typed_is_shown_as_it_was_typed(town: Town, words: str) -> None:
    said = f"{words} and this sentence is long enough."
    keeper, chief = town.actor("coordinator.library"), town.actor("administrator")
    open_one = factories.case(
        town, said, handle=words, permalink="https://example.org/open", context=Context(said, words, "", words)
    )
    desk.snooze(
        keeper, open_one.id, open_one.version, until=town.today + timedelta(days=1), reason=words, clock=town.clock
    )
    save_view(keeper, words[:60], "state=open")
    case = factories.consulting(town, said, handle=words, permalink="https://example.org/closed")
    service.add_note(keeper, case.id, said, clock=town.clock)
    case = factories.again(case)
    service.give_advice(
        town.actor("head.library"), case.id, case.version, position=Position.VIOLATION, text=said, clock=town.clock
    )
    case = factories.again(case)
    service.determine(
        chief, case.id, case.version, outcome=Outcome.REMOVE, categories=["J"], quote=words, reason=said,
        same_if_praise=True, clock=town.clock,
        worksheet=worksheet_factories.filled(town, "J", answers={"J": said}, referrals={ReferredTo.IT: said}),
    )  # fmt: skip
    referral = Referral.get()
    referring.answer(town.actor("it"), referral.id, referral.version, text=said, clock=town.clock)
    asked = asking.request(town, case, text=said, asker=words, contact=words)
    asking.answered(town, asked, reverse=False)
    write_to_writer(
        keeper, case.id, kind=LetterKind.WARNING, subject=words, text=said, how=LetterHow.NOT_SENT, sent_on=None,
        why_not=words, clock=town.clock,
    )  # fmt: skip
    own = (
        f"/triage/{open_one.id}", f"/triage/{case.id}", f"/referrals/{referral.id}",
        f"/triage/reconsiderations/{Reconsideration.get().id}", f"/contributors/letters/{Letter.get().id}",
        f"/contributors/{case.contributor_id}",
    )  # fmt: skip
    seen = 0
    for box in ("administrator", "coordinator.library"):
        browser = town.client(box)
        for page in (*PAGES, *own):
            answer = browser.get(page)
            html = answer.get_data(as_text=True)
            assert answer.status_code in {200, 403, 404}, page  # a page that is not this role's says no more
            if "<" in words:
                assert words not in html, page
            seen += str(escape(words)) in html
    assert seen > 3
    for message in OutboxMessage.select():
        assert "<" not in words or words not in message.html
        assert "\n" not in message.subject + message.recipient_name
    for address in ("/triage/consistency.csv", "/triage/times.csv"):
        answer = town.client("administrator").get(address)
        assert answer.mimetype == "text/csv"
        for row in csv.reader(io.StringIO(answer.get_data(as_text=True))):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_every_page_takes_hostile_parameters(town: Town) -> None:
    """What stands in the address comes back as text, in every page that there is."""
    browser = town.client("administrator")
    asked = "&".join(
        f"{name}=%22%3E%3Csvg%20onload%3Dalert(1)%3E"
        for name in (
            "words",
            "q",
            "text",
            "link",
            "title",
            "handle",
            "name",
            "permalink",
            "site",
            "state",
            "after",
            "found",
            "by",
            "next",
            "cut",
            "quarter",
        )
    )
    paths = [route.filled for route in routes(town.app, town) if "GET" in route.access]
    paths += [
        rule.rule for rule in town.app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())
    ]
    for path in sorted(paths):
        answer = browser.get(f"{path}?{asked}")
        assert b"<svg onload" not in answer.data, path
        assert answer.status_code < 500, path
