"""The catalogue of networks (1.3) and the official mailboxes (1.2)."""

from flask import Response, request, url_for

from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.permissions import Permission
from charlton_intranet.sites.forms import AssessmentForm, MailboxForm, NetworkDecisionForm, NetworkForm, ReasonForm
from charlton_intranet.sites.queries import networks as queries
from charlton_intranet.sites.rules import KNOWN_NETWORKS, NetworkKind, known_network_named
from charlton_intranet.sites.service import networks
from charlton_intranet.sites.web.shared import RECORD, blueprint, posted_version, tabs, taken
from charlton_intranet.web import context
from charlton_intranet.web.forms import TownForm
from charlton_intranet.web.guard import needs
from charlton_intranet.web.responding import done, respond

P = Permission
NETWORK = f"/networks/<{RECORD}:network_id>"


@blueprint.get("/networks")
@needs(P.READ_SITES)
def catalogue() -> Response:
    """Which networks may be used."""
    return respond("sites/networks.html", rows=queries.catalogue(), tabs=tabs(context.actor(), "/sites/networks"))


@blueprint.route("/networks/propose", methods=["GET", "POST"])
@needs(P.PROPOSE_NETWORK)
def propose_network() -> Response:
    """Propose a network for the catalogue."""
    form, made = NetworkForm(**_common(request.args.get("known", ""))), list[int]()

    def step() -> None:
        made.append(
            networks.propose(
                context.actor(), name=form.name.data or "", kind=NetworkKind(form.kind.data),
                hosts=form.hosts.data or "", terms_url=form.terms_url.data or "", clock=context.clock(),
            )
        )  # fmt: skip

    if request.method == "POST" and taken(form, step):
        return done(url_for("sites.network", network_id=made[0]), "Proposed. IT assesses it next.")
    there = {row.name for row in queries.catalogue()}
    common = [known.name for known in KNOWN_NETWORKS if known.hosts and known.name not in there]
    return respond("sites/propose_network.html", form=form, common=common, status=422 if form.is_submitted() else 200)


def _common(name: str) -> dict[str, object]:
    """The fields of a proposal for a common network, so that nobody has to look them up."""
    known = known_network_named(name)
    if known is None:
        return {}
    hosts = " ".join(known.hosts)
    return {"name": known.name, "kind": known.kind.value, "hosts": hosts, "terms_url": known.terms_url}


@blueprint.get(NETWORK)
@needs(P.READ_SITE_RECORDS)
def network(network_id: int) -> Response:
    """A network's record."""
    return _network(network_id)


@blueprint.post(f"{NETWORK}/assess")
@needs(P.ASSESS_NETWORK)
def assess_network(network_id: int) -> Response:
    """IT's assessment."""
    form = AssessmentForm()

    def step() -> None:
        networks.assess(
            context.actor(), network_id, posted_version(),
            text=form.text.data or "", terms_url=form.terms_url.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.network", network_id=network_id), "Your assessment is on record.")
    return _network(network_id, form, status=422)


@blueprint.post(f"{NETWORK}/decide")
@needs(P.APPROVE_NETWORK, fresh=True)
def decide_network(network_id: int) -> Response:
    """The Town Administrator's decision."""
    form = NetworkDecisionForm()

    def step() -> None:
        networks.decide(
            context.actor(), network_id, posted_version(),
            approve=form.decision.data == "approve", reason=form.reason.data or "",
            exception=form.exception.data or "", clock=context.clock(),
        )  # fmt: skip

    if taken(form, step):
        return done(url_for("sites.network", network_id=network_id), "Your decision is on record.")
    return _network(network_id, form, status=422)


@blueprint.post(f"{NETWORK}/withdraw")
@needs(P.APPROVE_NETWORK)
def withdraw_network(network_id: int) -> Response:
    """End the approval."""
    form = ReasonForm()

    def step() -> None:
        networks.withdraw(
            context.actor(), network_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.network", network_id=network_id), "Withdrawn. Nobody may use this network now.")
    return _network(network_id, form, status=422)


@blueprint.post(f"{NETWORK}/propose-anew")
@needs(P.PROPOSE_NETWORK)
def propose_network_anew(network_id: int) -> Response:
    """Propose a declined or withdrawn network once more."""
    form = ReasonForm()

    def step() -> None:
        networks.propose_anew(
            context.actor(), network_id, posted_version(), reason=form.reason.data or "", clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.network", network_id=network_id), "Proposed anew. IT assesses it next.")
    return _network(network_id, form, status=422)


def _network(network_id: int, form: TownForm | None = None, *, status: int = 200) -> Response:
    found = queries.network_sheet(context.actor(), network_id)
    return respond(
        "sites/network.html", "sites/_network.html", status=status,
        sheet=found, network=found.network, form=form or _form_of(found),
        version=request.form.get("version", found.network.version),
    )  # fmt: skip


def _form_of(found: queries.NetworkSheet) -> TownForm | None:
    if "assess" in found.open:
        return AssessmentForm(formdata=None, terms_url=found.network.terms_url)
    if "decide" in found.open:
        return NetworkDecisionForm(formdata=None)
    return ReasonForm(formdata=None) if found.open & {"withdraw", "propose_anew"} else None


@blueprint.get("/mailboxes")
@needs(P.READ_SITE_RECORDS)
def mailboxes() -> Response:
    """Which mailboxes are official besides the town's own domains."""
    return _mailboxes(MailboxForm(formdata=None))


@blueprint.post("/mailboxes")
@needs(P.MANAGE_MAILBOXES)
def add_mailbox() -> Response:
    """Put a mailbox on the list."""
    form = MailboxForm()

    def step() -> None:
        networks.add_mailbox(
            context.actor(), address=form.address.data or "", purpose=form.purpose.data or "", clock=context.clock()
        )

    if taken(form, step):
        return done(url_for("sites.mailboxes"), "The mailbox is on the list.")
    return _mailboxes(form, status=422)


@blueprint.post(f"/mailboxes/<{RECORD}:mailbox_id>/remove")
@needs(P.MANAGE_MAILBOXES)
def remove_mailbox(mailbox_id: int) -> Response:
    """Take a mailbox off the list."""
    form = MailboxForm(formdata=None)
    try:
        networks.remove_mailbox(context.actor(), mailbox_id, clock=context.clock())
    except Invalid as refusal:
        form.refuse(refusal)
        return _mailboxes(form, status=422)
    return done(url_for("sites.mailboxes"), "The mailbox is off the list.")


def _mailboxes(form: MailboxForm, *, status: int = 200) -> Response:
    actor = context.actor()
    return respond(
        "sites/mailboxes.html", "sites/_mailboxes.html", status=status,
        rows=queries.mailboxes(), domains=context.parts().settings.email_domains,
        form=form if actor.may(P.MANAGE_MAILBOXES) else None, tabs=tabs(actor, "/sites/mailboxes"),
    )  # fmt: skip
