"""The protocols an integration implements, and what it is given to work with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from app.core.clock import Clock
from app.core.errors import Param
from app.core.orders import Order, OrderPage, OrderWish, StoreView
from app.core.outcomes import RunRules
from app.core.rates import Rate
from app.core.types import ConnectionInfo, Proof, Shipment
from app.core.words import Sentence
from app.integrations.calls import Calls

if TYPE_CHECKING:
    from app.integrations.http import HttpFactory
    from app.integrations.limits import RateBudget


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting of a connection, as the command line and the assistant show it.

    `default` None: it must be given. `choices` empty: any text that `parse` accepts.
    `parse` turns the typed text into the stored value; it raises ValueError with a sentence
    that says what is allowed. `where`: where a person finds the value. `is_detail`: the default
    suits nearly everybody. `only_with`: it matters only where another setting has that value.
    """

    name: str
    label: str
    help: str
    default: Param = None
    choices: tuple[str, ...] = ()
    parse: Callable[[str], Param] = str
    where: str = ""
    is_detail: bool = False
    only_with: tuple[str, str] | None = None  # a setting and its value


@dataclass(frozen=True, slots=True)
class SecretField:
    """One secret of a connection, kept in the keyring. `only_with`: as that of a setting."""

    name: str
    label: str
    help: str
    optional: bool = False
    where: str = ""
    only_with: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One line of a connection test: what was looked at, and how it stands.

    `account`: whom the remote took us for; another one than last time is for a person to judge.
    """

    title: str
    passed: bool | None  # None: could not be checked
    text: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """What a connection reads and writes there, as ends of a sentence; empty: nothing."""

    reads: str = ""
    writes: str = ""


P = TypeVar("P", contravariant=True)


class Target(Protocol[P]):
    """A connection in its writing role, for one type of job. Used by one thread at a time."""

    write_operation: str
    """Name of the operation whose rate budget a write needs; empty: none is kept."""

    can_read_back: bool
    """False: a lost answer is for a person to settle."""

    rules: RunRules

    def write(self, payload: P, request_id: str) -> Proof:
        """Look whether it is there already as wanted; if not, write it and read it back.

        The proof comes from a read that followed the write, or from the first look. The
        request id is the same on every run of one job.
        Raises: any error of `app.core.errors` but StorageError and UsageError.
        """

    def look(self, payload: P, request_id: str) -> Proof | None:
        """Read-only: the proof that the remote holds it, None when it does not.

        The request id is that of the job's writes.
        Raises: as `write`, but never OutcomeUnknown; NotSupported where nothing can be read.
        """

    def close(self) -> None:
        """Give up sockets; called by the thread that used it."""


class WriteBackTarget(Target[Shipment], Protocol):
    """Takes shipments; what every connection is that orders came from."""

    def check(self) -> Iterable[CheckStep]:
        """Test the connection step by step, changing nothing there.

        Raises: the same errors; what was yielded before stands.
        """


class OrderSource(Protocol):
    """A connection whose orders are read. Used by one thread at a time."""

    def fetch_orders(self, cursor: str, wish: OrderWish, request_id: str) -> OrderPage:
        """The next step of a reading, from where `cursor` stands; empty: from the start.

        The steps of one reading end with `is_last`; the cursor of that one begins the next
        reading, which hands over what was created or changed since, and some of what was seen.
        An order that cannot be read is handed over with its fault; it costs no other.
        Raises: any error of `app.core.errors` but OutcomeUnknown, StorageError and UsageError.
        """

    def fetch_numbered(self, order_ref: str, wish: OrderWish, request_id: str) -> Sequence[Order]:
        """Every order with that number, whenever it was placed; empty: there is none. Several
        stores of one system may each have one.

        Raises: as `fetch_orders`.
        """

    def fetch_views(self, request_id: str) -> Sequence[StoreView]:
        """What `OrderWish.stores` may name; empty where the source is not divided.

        Raises: as `fetch_orders`.
        """

    def close(self) -> None:
        """Give up sockets; called by the thread that used it."""


@dataclass(frozen=True, slots=True)
class OrderMode:
    """Which orders a source hands over. `help`: a sentence for whoever chooses."""

    name: str
    help: str
    is_built: bool = True


class CheckStopped(Exception):
    """Thrown into a running check: it ends, and says what became of what it had changed."""


class ContractChecked(Protocol):
    """A target that somebody else's connector stands behind: it can be checked line by line."""

    def check_contract(self, record: str) -> Iterator[CheckStep]:
        """Try every rule of the contract on one throw-away record, and put it back."""


@dataclass(frozen=True, slots=True)
class Context:
    """What an adapter gets: its connection and the means to work, nothing global."""

    connection: ConnectionInfo
    secret: Callable[[str], str]  # by field name; raises SecretUnavailable
    http: "HttpFactory"
    budget: "RateBudget"
    clock: Clock
    clean: Callable[[str], str] = str  # takes secrets out of texts that are kept
    wrote: "Wrote" = lambda order, tracking: False
    invoices: "Invoices" = lambda order, remote_id: False
    calls: Calls = field(default_factory=Calls)  # what they are for, where that is to be said


Wrote = Callable[[str, str], bool]
"""True when a job of this connection was seen to have written that number on that order."""


Invoices = Callable[[str, str], bool]
"""True when a job of this connection invoices that order, or did; by number and remote id."""


ByHand = Callable[[Shipment, Mapping[str, Param], str], Sequence[str]]
"""How a person confirms a failed shipment there: what to press, with the values to copy. Given
are the settings of the connection and the code of the failure; empty where nothing can be done."""


FieldsOff = Callable[[Mapping[str, Param]], frozenset[str]]
"""Which of its `ship_fields` a connection with these settings is not sent."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of system: everything the rest of the program needs to know about it."""

    name: str
    title: str
    order_noun: str  # what its people call an order: "invoice"
    settings: tuple[SettingField, ...]
    secrets: tuple[SecretField, ...]
    build: Callable[[Context], WriteBackTarget]
    details: Callable[[Shipment], Mapping[str, Any]]  # `data` of the copied details
    sentences: Mapping[str, Sentence] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()  # what is not known about the real product, said when adding
    limits: Mapping[str, Rate] = field(default_factory=dict)  # by operation, as documented
    by_hand: "ByHand" = lambda shipment, settings, code: ()
    ship_fields: frozenset[str] = frozenset()  # what of a shipment it can take besides tracking
    ship_fields_off: "FieldsOff" = lambda settings: frozenset()
    access: Callable[[Mapping[str, Param]], Access] = lambda settings: Access()
    summary: str = ""  # one line for whoever chooses a system
    orders: Callable[[Context], OrderSource] | None = None  # None: it has none to read
    order_modes: tuple[OrderMode, ...] = ()  # the first is the usual one
    wrong_mode: Mapping[str, str] = field(default_factory=dict)
    """By code of a skip: what to say when nearly all orders are skipped for it."""
    targets: Mapping[str, Callable[[Context], Target[Any]]] = field(default_factory=dict)
    """What takes jobs of other types than a write-back, by type (`core/job_types.py`)."""

    def asks(self, item: SettingField | SecretField, values: Mapping[str, Param]) -> bool:
        """True where the item matters to a connection with these settings; those that are not
        given have their default."""
        if item.only_with is None:
            return True
        name, wanted = item.only_with
        default = next(one.default for one in self.settings if one.name == name)
        return values.get(name, default) == wanted

    def secrets_with(self, values: Mapping[str, Param]) -> tuple[SecretField, ...]:
        """The secrets that a connection with these settings needs."""
        return tuple(one for one in self.secrets if self.asks(one, values))
