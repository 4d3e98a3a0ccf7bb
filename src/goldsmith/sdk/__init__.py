"""The Python client: everything that the HTTP interface offers, typed."""

from goldsmith.sdk.client import Client
from goldsmith.sdk.projects import Project
from goldsmith.sdk.vaults import Vault

__all__ = ["Client", "Project", "Vault"]
