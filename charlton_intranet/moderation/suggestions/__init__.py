"""Helpers that point at words which may matter, name a category of policy 3.6-3, and say why.

They never decide and never count: a person reads the words and judges. There is none for G, H and I, as no list of
words tells what is false, owned or malicious. None of them holds a political phrase or takes the name of a group as a
reason. What each looks for stands in its module and in the lists under ``words``. Pure: no database, no web.
"""

from charlton_intranet.moderation.suggestions.catalogue import NAMES, REPEATED, RULES, Rule, Suggestion, suggest
from charlton_intranet.moderation.suggestions.marking import Segment, segments

__all__ = ["NAMES", "REPEATED", "RULES", "Rule", "Segment", "Suggestion", "segments", "suggest"]
