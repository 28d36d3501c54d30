"""What is true: one file per concept, each importing only the ones above it."""

from .data_versions import DataVersion
from .slugs import FormerAddress, Slugged
from .countries import Country
from .sources import Source
from .agencies import Agency
from .astronauts import Astronaut
from .missions import Flight, Mission, Spacecraft, Station, StationOperator, SurfaceStay
from .spacewalks import Spacewalk, SpacewalkCrew, SpacewalkGap
from .evidence import Citation, Disagreement, ReportedValue
from .confirmations import Confirmation
from .leaderboards import Leaderboard
from .images import Image
from .references import Reference
from .articles import Article, Author, Authorship, Correction, Topic
from .reviews import Decision, ReviewNote
from .revisions import ArticleRevision
from .pending import PendingVersion
from .adverts import Advert
from .feed_entries import FeedEntry, Said
from .kept_texts import KeptText
from .preview_secrets import PreviewSecret

__all__ = [
    "Advert",
    "Agency",
    "Article",
    "Astronaut",
    "Author",
    "Authorship",
    "Citation",
    "Confirmation",
    "Correction",
    "Country",
    "DataVersion",
    "Decision",
    "Disagreement",
    "FeedEntry",
    "Flight",
    "FormerAddress",
    "Image",
    "KeptText",
    "Leaderboard",
    "Mission",
    "PendingVersion",
    "PreviewSecret",
    "Reference",
    "ReportedValue",
    "ReviewNote",
    "ArticleRevision",
    "Said",
    "Slugged",
    "Source",
    "Spacecraft",
    "Spacewalk",
    "SpacewalkCrew",
    "SpacewalkGap",
    "Station",
    "StationOperator",
    "SurfaceStay",
    "Topic",
]
