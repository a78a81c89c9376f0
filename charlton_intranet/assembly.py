"""Putting the parts together once: clock, database, mail transport, evidence store, duties.

Shared by the web, the commands and the scheduler, so that all three run the same app.
"""

from charlton_intranet.access import duties as access_duties
from charlton_intranet.access.jobs import follow_departures, follow_reviews
from charlton_intranet.accounts.jobs import answer_resets
from charlton_intranet.core import database, duties
from charlton_intranet.core.clock import Clock, SystemClock
from charlton_intranet.core.jobs import Job
from charlton_intranet.core.resources import folder
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.evidence import duties as evidence_duties
from charlton_intranet.evidence.jobs import check_fixity
from charlton_intranet.grants import duties as grant_duties
from charlton_intranet.grants.queries.scopes import holders_on, scopes
from charlton_intranet.incidents import duties as incident_duties
from charlton_intranet.mail.jobs import send_waiting
from charlton_intranet.mail.messages import Letterhead, use_letterhead
from charlton_intranet.mail.sender import KeepTransport, SmtpServer, SmtpTransport, Transport
from charlton_intranet.moderation import duties as moderation_duties
from charlton_intranet.moderation.jobs import find_like_decisions, flag_hides, run_imports, sweep_orphans
from charlton_intranet.oversight.jobs import hand_out_head, keep_months, prove_trail, send_digests, tidy_calendars
from charlton_intranet.parts import Parts
from charlton_intranet.policy import duties as policy_duties
from charlton_intranet.policy.jobs import flag_acknowledgements
from charlton_intranet.reviews import duties as review_duties
from charlton_intranet.settings import Settings
from charlton_intranet.sites import duties as site_duties
from charlton_intranet.sites.jobs import start_appointments

JOBS = (
    Job("start_appointments", "Start and end coordinators when their day has come", "every minute", start_appointments),
    Job("flag_acknowledgements", "Flag signatures that end or have ended", "every minute", flag_acknowledgements),
    Job("follow_access_reviews", "Open and close access reviews", "first business day of a quarter", follow_reviews),
    Job("follow_departures", "Open checklists of leavers, end their grants", "every minute", follow_departures),
    Job("run_imports", "Work on imports of comments that wait", "every minute", run_imports),
    Job("flag_hides", "Put back what was hidden at once and not decided", "every minute", flag_hides),
    Job("send_digests", "Write the day's reminders", "business days from 8:00", send_digests),
    Job("keep_months", "Keep how each clause stood at the end of a month", "first day of a month", keep_months),
    Job("tidy_calendars", "End the calendar addresses of closed accounts", "every minute", tidy_calendars),
    Job("hand_out_head", "Mail the head of the audit trail", "business days from 8:00", hand_out_head),
    Job("answer_resets", "Mail the links for a new password that were asked for", "every minute", answer_resets),
    Job("send_mail", "Send the mail that waits in the outbox", "every minute", send_waiting),
    Job("find_like_decisions", "Let decisions be found by like words", "every minute", find_like_decisions),
    Job("check_fixity", "Read again whether all evidence is what was kept", "once a week", check_fixity),
    Job("prove_trail", "Prove the chain of the audit trail anew", "once a week", prove_trail),
    Job("sweep_orphans", "Take away uploads that belong to nothing", "once a day", sweep_orphans, every_minutes=1440),
)
_DUTIES = (
    policy_duties,
    site_duties,
    grant_duties,
    access_duties,
    evidence_duties,
    moderation_duties,
    review_duties,
    incident_duties,
)
# Those whose tables know who asked for what they make others owe.
_ASKED = (site_duties, grant_duties, access_duties, moderation_duties, review_duties, incident_duties)
REGISTER = duties.Register(
    [part.owed for part in _DUTIES],
    [kind for part in _DUTIES for kind in part.KINDS],
    asked=[part.owed for part in _ASKED],
)


def assemble(settings: Settings, *, clock: Clock | None = None) -> Parts:
    """Build the parts for ``settings`` and bind the models to the database."""
    real = database.connect(settings.database, max_connections=settings.threads + 4)
    database.bind(real)
    use_letterhead(
        Letterhead(
            town=settings.town_name,
            base_url=settings.base_url,
            reply_to=settings.mail_reply_to or settings.mail_from or f"social-media@{settings.email_domains[0]}",
            demo=settings.demo,
            templates=folder("templates"),
        )
    )
    return Parts(
        settings=settings,
        clock=clock or SystemClock(),
        database=real,
        transport=_transport(settings),
        store=EvidenceStore(settings.evidence),
        register=REGISTER,
        jobs=JOBS,
        scopes=scopes,
        holders_on=holders_on,
    )


def _transport(settings: Settings) -> Transport:
    """SMTP when a server is set; otherwise messages stay readable in the app."""
    if not settings.smtp_host:
        return KeepTransport()
    return SmtpTransport(
        SmtpServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            username=settings.smtp_username,
            password=settings.smtp_password,
            ca_file=settings.smtp_ca_file,
        )
    )
