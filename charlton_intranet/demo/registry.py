"""The demo town's registry: a list that went in, a dirty one to look at, accounts in every state."""

from collections.abc import Callable

from charlton_intranet.core.clock import FixedClock
from charlton_intranet.core.store import EvidenceStore
from charlton_intranet.demo import cast
from charlton_intranet.demo.sites import LIBRARY, Play, run
from charlton_intranet.sites.models import ListedAccount
from charlton_intranet.sites.queries import registry as queries
from charlton_intranet.sites.rules import Cadence
from charlton_intranet.sites.service import registry

# What the town clerk kept over the years.
CLERK = """Town of Charlton: our pages on the internet;;;;;
Department;Where;Link;Name of the page;Still used?;Remarks
Library;Facebook;https://www.facebook.com/CharltonPublicLibrary/;Charlton Public Library;yes;
Library;Facebook;http://m.facebook.com/CharltonTeenReads?ref=ts;Teen Reads;yes;started by a volunteer in 2019
Library;Instagram;@charlton_storytime;Storytime;yes;
Library;Pinterest;pinterest.com/charltoncrafts;Craft ideas;yes;nobody knows the password
Police;Twitter;http://twitter.com/#!/CharltonTips;Tips;yes;
Police;Nextdoor;https://nextdoor.com/agency/charlton-police;Charlton Police on Nextdoor;yes;
Cultural Council;Facebook;https://www.facebook.com/pages/Charlton-Arts/136880189673357;Charlton Arts;yes;the council's
Highway;Facebook;https://bit.ly/charlton-roads;Road works;yes;
Highway;Facebook;highway@charlton.example;Highway;yes;
Recreation;Facebook;https://www.facebook.com/Charlton Recreation;Recreation;yes;
Recreation;Flickr;flickr.com/photos/44220185@N08;Summer pictures;no;
"""
# What a neighbour sent in two languages.
NEIGHBOUR = """Departamento;Red social;Cuenta;¿Activa?
Biblioteca;Facebook;https://es-la.facebook.com/BibliotecaCharlton;sí
Biblioteca;Instagram;@biblioteca_charlton;sí
Policía;WhatsApp;https://whatsapp.com/channel/0029Va4K0PZ5a245NkngBA2M;sí
Parques;Facebook;ninguna;no
Parques;;CharltonParques;sí
Salud;Facebook;https://t.co/Xy12;sí
"""


def load(clock: FixedClock, store: EvidenceStore) -> None:
    """Three weeks ago a list went in; since then one account was asked for, one struck off, and a new list waits."""
    script: tuple[tuple[float, Callable[[Play], None]], ...] = (
        (21, lambda play: _take_in(play, store)),
        (12, _ask),
        (11, _strike),
        (9, lambda play: _look_and_drop(play, store)),
        (1, lambda play: _wait(play, store)),
    )
    run(clock, Play(clock), script)


def _hand_in(play: Play, store: EvidenceStore, name: str, text: str) -> int:
    data = text.encode()
    return registry.hand_in(play.who("it"), file_name=name, data=data, stored=store.put(data), clock=play.clock)


def _take_in(play: Play, store: EvidenceStore) -> None:
    found = _hand_in(play, store, "social-media-pages.csv", CLERK)
    departments = {name: cast.department_id(name) for name in ("Library", "Police")}
    read = queries.preview(queries.load_import(play.who("it"), found), CLERK.encode()).read
    registry.take_in(play.who("it"), found, 1, read=read, departments=departments, clock=play.clock)


def _ask(play: Play) -> None:
    plan = "The children's librarian posts after each story hour and answers within a day."
    address = "https://www.instagram.com/charlton_storytime"
    play.ask(LIBRARY, "Storytime", address, plan=plan, cadence=Cadence.WEEKLY)


def _strike(play: Play) -> None:
    crafts = ListedAccount.get(ListedAccount.handle == "charltoncrafts")
    reason = "A private account of a former volunteer; the library never had the password."
    registry.strike(play.who(LIBRARY), crafts.id, crafts.version, reason=reason, clock=play.clock)


def _look_and_drop(play: Play, store: EvidenceStore) -> None:
    twice = _hand_in(play, store, "social-media-pages (1).csv", CLERK)
    registry.drop(play.who("it"), twice, 1, clock=play.clock)


def _wait(play: Play, store: EvidenceStore) -> None:
    _hand_in(play, store, "lista-bilingue.csv", NEIGHBOUR)
