from goldsmith.refine.library import refine as refine
from goldsmith.refine.library import refine_batches as refine_batches
from goldsmith.sdk import Client as Client

__version__: str
