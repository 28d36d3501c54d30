"""What is true: one file per concept, each importing only the ones above it."""

from .adverts import Advert
from .agencies import Agency
from .articles import Article, Author, Authorship, Correction, Topic
from .astronauts import Astronaut
from .confirmations import Confirmation
from .countries import Country
from .data_versions import DataVersion
from .leaderboards import Leaderboard
from .missions import Flight, Mission, Spacecraft, Station, SurfaceStay
from .sources import Source
from .spacewalks import Spacewalk, SpacewalkCrew

__all__ = [
    "Advert",
    "Agency",
    "Article",
    "Astronaut",
    "Author",
    "Authorship",
    "Confirmation",
    "Correction",
    "Country",
    "DataVersion",
    "Flight",
    "Leaderboard",
    "Mission",
    "Source",
    "Spacecraft",
    "Spacewalk",
    "SpacewalkCrew",
    "Station",
    "SurfaceStay",
    "Topic",
]
