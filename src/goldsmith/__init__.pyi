from goldsmith.sdk import Client as Client

__version__: str
