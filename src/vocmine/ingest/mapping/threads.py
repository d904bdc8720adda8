"""Public messages put into threads: which conversation each belongs to, whose contact it is, what is only a repost.

A contact is what one customer and the company say to each other in one conversation: under a message of the company,
every customer who answers makes a contact of their own, and the company's replies go with the customer they answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from vocmine.ingest.mapping.entities import reposted

_COMPARED = 60  # characters of a repost that tell its original: platforms cut the end of the older ones


@dataclass(frozen=True, slots=True)
class Message:
    """What tells where a message belongs; None where the export does not.

    Attributes
    ----------
    id, author : str or None
    names : frozenset of str
        Names of the author, folded by `handle`.
    own : bool
        The author is the company.
    conversation, reply_to, reply_to_author, repost_of : str or None
        Id of the conversation; of the message answered and of its author; of the message repeated.
    text : str
    """

    id: str | None
    author: str | None
    names: frozenset[str]
    own: bool
    conversation: str | None
    reply_to: str | None
    reply_to_author: str | None
    repost_of: str | None
    text: str

    @property
    def is_repost(self) -> bool:
        """Whether it says nothing of its own."""
        return self.repost_of is not None or reposted(self.text) is not None


def handle(name: object) -> str:
    """Return the name of an account as names are compared: without its sign, in lower case.

    Examples
    --------
    >>> handle("@Exemple_SAV")
    'exemple_sav'
    """
    return str(name).strip().removeprefix("@").casefold()


class Threads:
    """All the messages of an export, as far as threading needs them: some 300 bytes each.

    Parameters
    ----------
    messages : iterable of Message
        In any order; of two with the same id, the first counts.

    Examples
    --------
    >>> first = Message("1", "lea", frozenset({"lea"}), False, None, None, None, None, "Toujours rien")
    >>> reply = Message("2", "agent", frozenset({"agent"}), True, None, "1", None, None, "Bonjour")
    >>> threads = Threads([reply, first])
    >>> threads.conversation(reply), threads.contact(reply)
    ('1', '1:lea')
    """

    def __init__(self, messages: Iterable[Message]) -> None:
        self._replies: dict[str, str | None] = {}
        self._authors: dict[str, tuple[str | None, bool]] = {}
        self._roots: dict[str, str] = {}
        self._reposts: Counter[str] = Counter()
        originals: dict[tuple[str, str], str] = {}
        unnamed: Counter[tuple[str, str]] = Counter()
        for message in messages:
            if message.is_repost:
                _count(message, self._reposts, unnamed)
            elif message.id is not None and message.id not in self._replies:
                self._replies[message.id] = message.reply_to
                self._authors[message.id] = message.author, message.own
                for name in message.names:
                    originals.setdefault((name, message.text[:_COMPARED].strip()), message.id)
        for told, times in unnamed.items():
            if told in originals:
                self._reposts[originals[told]] += times

    def conversation(self, message: Message) -> str | None:
        """Return the conversation as the platform names it, else the first message of the thread that is known.

        A message whose parent is not in the export begins its thread under the parent's id, and so do its siblings; of
        messages that answer one another in a circle, the smallest id is the first.
        """
        return message.conversation or self._root(message.id, message.reply_to)

    def contact(self, message: Message) -> str | None:
        """Return the id of the contact: the conversation and its customer."""
        conversation = self.conversation(message)
        customer = self._customer(message) if message.own else message.author
        return conversation if customer is None or conversation is None else f"{conversation}:{customer}"

    def reposts(self, message_id: str | None) -> int:
        """Return how often a message is repeated in the export."""
        return 0 if message_id is None else self._reposts[message_id]

    def _root(self, first: str | None, parent: str | None) -> str | None:
        path = {} if first is None else {first: None}  # a dict for its order: each looked up once, however long
        while parent is not None and parent not in path and parent not in self._roots:
            path[parent] = None
            parent = self._replies.get(parent)
        if not path:
            return None if parent is None else self._roots[parent]
        ids = list(path)
        root = ids[-1]
        if parent is not None:
            root = self._roots[parent] if parent in self._roots else min(ids[ids.index(parent) :])
        self._roots.update(dict.fromkeys(ids, root))
        return root

    def _customer(self, message: Message) -> str | None:
        """Return who the company answers: the author of the nearest message above that is not its own."""
        seen: set[str] = set()
        parent = message.reply_to
        while parent is not None and parent not in seen:
            author, own = self._authors.get(parent, (None, True))
            if not own:
                return author
            seen.add(parent)
            parent = self._replies.get(parent)
        return None if message.reply_to_author == message.author else message.reply_to_author


def _count(message: Message, by_id: Counter[str], by_text: Counter[tuple[str, str]]) -> None:
    told = reposted(message.text)
    if message.repost_of is not None:
        by_id[message.repost_of] += 1
    elif told is not None:
        by_text[handle(told[0]), told[1][:_COMPARED].strip()] += 1
