"""How a person likes the browser app: kept with the person, so that it is the same on every device."""

import msgspec

from goldsmith.kit.digest import canonical_json
from goldsmith.people.model import Identity
from goldsmith.people.store import people as store
from goldsmith.people.wire import Preferences
from goldsmith.store.units import UnitOfWork


def set_preferences(unit: UnitOfWork, preferences: Preferences, *, identity: Identity) -> None:
    """Keep them instead of what was kept before."""
    document = canonical_json(msgspec.to_builtins(preferences)).decode()
    store.set_preferences(unit.connection, identity.person_id, document)


def preferences_of(person: store.PersonRow) -> Preferences:
    """What a person prefers; what nobody has chosen is as Goldsmith has it."""
    return Preferences() if person.preferences is None else msgspec.json.decode(person.preferences, type=Preferences)
