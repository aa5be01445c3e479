"""What Meridian's districts and neighbourhoods are called, the nearest to the centre first. No real city has this list."""

__all__ = ["AVENUES", "BRIDGES", "DISTRICTS", "STREETS"]

DISTRICTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "D1": (
        "Old Town",
        ("Market Cross", "Bridgefoot", "Guildgate", "Lantern Hill", "Ferry Row", "Minster Rise",
         "Willowstrand", "Weavers Hill", "Saddlers Green", "Millrace", "Tanners Wharf"),
    ),
    "D2": ("Westerlea", ("Orchard Gate", "Coldwell", "Reedmarsh", "Larkfold", "Foxlow", "Otterbank")),
    "D3": ("Northfold", ("Hazelgarth", "Thorn Common", "Skylark Down", "Beaconsedge", "Harrowmoor")),
    "D4": (
        "Highbarrow",
        ("Quarry Hill", "Stonecrop", "Copperfold", "Rowanside", "Windmill Heath", "Barrow Top", "Kestrel Edge"),
    ),
    "D5": ("Easterby", ("Lockside", "Eastmere", "Hollinfold", "Saltings")),
    "D6": (
        "Southbank",
        ("Southquay", "Boatyard", "Playhouse", "Exchange", "Printers Reach", "Tramshed", "College",
         "Chapel Fold", "Glassworks", "Ropewalk", "Elm Terrace", "Station Fields", "Meadowgate"),
    ),
    "D7": ("Quayside", ("Granary Wharf", "Crane Shore", "Sidings", "Tidewatch")),
    "D8": ("Lowmead", ("Swanholme", "Clover Hill", "Lilymere", "Fallow End", "Heronsreach")),
    "D9": ("Brickfields", ("Kiln Lane", "Potters Green", "Brickcroft", "Claypits", "Fernside")),
}  # fmt: skip

# From west to east, and from south to north.
AVENUES = (
    "Harbour Road", "Saltmarsh Road", "Cooper Road", "Tannery Road", "Foundry Road", "Chandler Road", "Gasworks Road", "Weir Road",
    "Priory Road", "Exchange Road", "Market Road", "Minster Road", "College Road", "Garden Road", "Museum Road", "Nursery Road",
    "Orchard Road", "Mill Road", "Heath Road", "Quarry Road", "Hollin Road", "Beacon Road", "Larch Road",
)  # fmt: skip
STREETS = (
    "Claypit Street", "Fern Street", "Kiln Street", "Alder Street", "Lily Street", "Swan Street", "Rope Street", "Elm Street",
    "Glass Street", "Quay Street", "Bridge Street", "Guild Street", "Crown Street", "Saddler Street", "Otter Street",
    "Reed Street", "Lark Street", "Copper Street", "Lock Street", "Kestrel Street", "Moor Street",
)  # fmt: skip
BRIDGES = (
    "Port Bridge",
    "Weir Bridge",
    "Exchange Bridge",
    "Market Bridge",
    "College Bridge",
    "Nursery Bridge",
    "Mill Bridge",
)
