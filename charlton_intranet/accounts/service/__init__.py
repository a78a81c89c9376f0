"""Use cases around people; each owns its transaction, but for those that say they leave it to the caller."""

from charlton_intranet.accounts.service._shared import subject
from charlton_intranet.accounts.service.access import SignedIn, prove, resume, sign_in, sign_out
from charlton_intranet.accounts.service.letters import (
    INVITED,
    answer_resets,
    ask_reset,
    create_person,
    invite,
    invite_again,
    letter_holder,
    set_password,
)
from charlton_intranet.accounts.service.people import disable, enable, move, rename
from charlton_intranet.accounts.service.roles import (
    HEADS_NAME,
    assign,
    end_acting,
    end_assignment,
    end_role,
    give_role,
)
from charlton_intranet.accounts.service.town import add_closure, make_department, remove_closure

__all__ = [
    "HEADS_NAME",
    "INVITED",
    "SignedIn",
    "add_closure",
    "answer_resets",
    "ask_reset",
    "assign",
    "create_person",
    "disable",
    "enable",
    "end_acting",
    "end_assignment",
    "end_role",
    "give_role",
    "invite",
    "invite_again",
    "letter_holder",
    "make_department",
    "move",
    "prove",
    "remove_closure",
    "rename",
    "resume",
    "set_password",
    "sign_in",
    "sign_out",
    "subject",
]
