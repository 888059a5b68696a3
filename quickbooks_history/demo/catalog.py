"""What the made-up company sells, to whom, and on which terms: the fixed part of the demo."""

from __future__ import annotations

from typing import NamedTuple

TAX_ITEM = "Sales Tax"
TAX_PERCENT = "6.625"
SUBTOTAL_ITEM = "Subtotal"
DISCOUNT_ITEM = "Discount"
SHIPPING_ITEM = "Shipping"
DELIVERY_ITEM = "Delivery/Handling"

TERMS = ("Net 15", "Net 30", "Net 60", "2% 10 Net 30", "Due on receipt")
SALES_REPS = ("YD", "CT", "OF")
PAYMENT_METHODS = ("Credit Card", "Check", "Cash", "ACH")


class Ware(NamedTuple):
    """One item of the price list, as it stands on the first day.

    Attributes:
        name: Item name, `Parent:Child` for a sub-item.
        description: Sales description.
        unit: Unit of measure.
        cost: Purchase cost in dollars.
        price: Sales price in dollars.
        on_hand: Quantity on hand, in units.
        reorder: Minimum and maximum stock, in units.
        scripted: Whether only the story touches it; the random trade leaves it alone.
        fractional: Whether it is also sold by halves and quarters.
    """

    name: str
    description: str
    unit: str
    cost: str
    price: str
    on_hand: int
    reorder: tuple[int, int]
    scripted: bool = False
    fractional: bool = False


WARES = (
    # Touched by the story alone, so that what happens to them does not depend on the seed.
    Ware("01-6310", 'Wedge anchor 5/8" x 6", zinc', "each", "4.10", "7.26", 38, (24, 180), scripted=True),
    Ware("AK-4", 'Anchor kit, 4-pack, 5/8" thread', "kit", "41.50", "70.00", 25, (6, 40), scripted=True),
    Ware("CB-12X12", "Catch basin 12 x 12, black grate", "each", "31.20", "54.95", 14, (4, 20), scripted=True),
    Ware(
        'Rebar:Chair 2/3"',
        'Rebar chair, 2" or 3" cover',
        "bag",
        "18.40",
        "29.90",
        33,
        (10, 60),
        scripted=True,
    ),
    Ware("GLV-XL", "Work glove, nitrile, XL", "pair", "2.15", "4.50", 48, (12, 96), scripted=True),
    Ware("PP-4/6", "Perforated pipe 4\" x 10', HDPE 6", "each", "9.80", "16.40", 52, (20, 80), scripted=True),
    Ware(
        "SEAL-5G",
        "Acrylic sealer, 5 gal\nCovers 600\N{EN DASH}900 sq ft",
        "pail",
        "88.00",
        "139.00",
        19,
        (6, 30),
        scripted=True,
    ),
    Ware("FIBER-1LB", "Fiber mesh, 1 lb bag", "bag", "5.05", "9.75", 3, (0, 48), scripted=True),
    Ware(
        "PV-HOL-68",
        "Holland paver 6 x 8, charcoal",
        "each",
        "0.48",
        "0.89",
        4200,
        (1500, 6000),
        scripted=True,
    ),
    Ware("TRW-14 *", 'Finishing trowel 14" * discontinued', "each", "21.00", "36.50", 4, (0, 6), scripted=True),
    # Everyday trade.
    Ware("01-6308", 'Wedge anchor 1/2" x 4"', "each", "2.10", "3.95", 260, (80, 400)),
    Ware("01-6312", 'Wedge anchor 3/4" x 7"', "each", "6.85", "11.80", 96, (30, 160)),
    Ware("01-6320 (W)", 'Sleeve anchor 3/8" (W)', "each", "0.92", "1.75", 510, (150, 800)),
    Ware('Bolt 5/8"', 'Hex bolt 5/8" x 8", galvanized', "each", "1.88", "3.40", 340, (100, 500)),
    Ware('Bolt 5/8":Nut', 'Hex nut 5/8"', "each", "0.22", "0.55", 900, (300, 1500)),
    Ware('Bolt 5/8":Washer', 'Flat washer 5/8"', "each", "0.14", "0.35", 1100, (300, 1500)),
    Ware("Rebar:#3 x 20'", "Rebar #3, 20 ft", "each", "7.10", "11.25", 180, (60, 300)),
    Ware("Rebar:#4 x 20'", "Rebar #4, 20 ft", "each", "11.60", "17.95", 210, (60, 300)),
    Ware("Rebar:#5 x 20'", "Rebar #5, 20 ft", "each", "17.90", "27.40", 120, (40, 200)),
    Ware("Rebar:Tie wire", "Tie wire, 3.5 lb roll", "roll", "4.70", "8.60", 88, (24, 120)),
    Ware("Mesh 6x6 W1.4", "Wire mesh sheet 5' x 10'", "sheet", "8.95", "14.50", 140, (40, 200)),
    Ware("Dowel 5/8 x 18", 'Smooth dowel 5/8" x 18"', "each", "2.35", "4.20", 240, (80, 400)),
    Ware("EJ-½x4", 'Expansion joint ½" x 4" x 10\'', "each", "3.60", "6.45", 170, (50, 250)),
    Ware("EJ-½x6", 'Expansion joint ½" x 6" x 10\'', "each", "4.90", "8.35", 130, (50, 250)),
    Ware("BR-ROD-¾", 'Backer rod ¾", 100 ft', "roll", "9.20", "15.75", 41, (12, 60)),
    Ware("Cement:Type I/II 94", "Portland cement type I/II, 94 lb", "bag", "11.90", "17.25", 420, (150, 700)),
    Ware("Cement:White 94", "White cement, 94 lb", "bag", "27.50", "39.95", 60, (20, 100)),
    Ware("Mortar:Type S 80", "Mortar mix type S, 80 lb", "bag", "7.35", "11.50", 310, (100, 500)),
    Ware("Mortar:Type N 70", "Mortar mix type N, 70 lb", "bag", "6.95", "10.75", 260, (100, 500)),
    Ware("CM-4000-80", "Concrete mix 4000 psi, 80 lb", "bag", "4.85", "7.60", 640, (200, 900)),
    Ware(
        "CM-5000-80",
        "Concrete mix 5000 psi, fast set \N{EN DASH} 80 lb",
        "bag",
        "6.20",
        "9.45",
        380,
        (150, 600),
    ),
    Ware("Grout NS-50", 'Non-shrink grout "precision", 50 lb', "bag", "16.80", "26.50", 95, (30, 150)),
    Ware("Sand:Masonry", "Masonry sand", "cu yd", "24.00", "42.00", 88, (20, 120), fractional=True),
    Ware("Sand:Polymeric 50", "Polymeric sand, béige, 50 lb", "bag", "19.75", "31.90", 150, (50, 250)),
    Ware('Gravel:3/4"', 'Crushed stone 3/4" clean', "cu yd", "22.50", "39.50", 140, (40, 200), fractional=True),
    Ware("Gravel:DGA", "Dense graded aggregate", "cu yd", "17.00", "31.00", 210, (60, 300), fractional=True),
    Ware("Gravel:Pea", 'Pea gravel 3/8"', "cu yd", "28.00", "47.50", 60, (20, 100), fractional=True),
    Ware("Topsoil/Screened", "Screened topsoil", "cu yd", "19.00", "36.00", 75, (20, 120), fractional=True),
    Ware("CP-50", "Cold patch asphalt, 50 lb", "bag", "9.10", "14.95", 230, (80, 350)),
    Ware("CF-RUB-10", "Crack filler, rubberized, 10 lb", "box", "14.30", "23.75", 84, (24, 120)),
    Ware("SEAL-COAT-5", "Driveway seal coat, 5 gal", "pail", "21.40", "34.95", 110, (40, 160)),
    Ware("CURB-6 (W)", "Curb form 6\" x 10' (W)", "each", "44.00", "71.00", 36, (10, 50)),
    Ware("Form stake 24", 'Steel form stake 24"', "each", "3.15", "5.60", 320, (100, 500)),
    Ware("Form oil 5G", "Form release oil, 5 gal", "pail", "39.60", "62.00", 28, (8, 40)),
    Ware("PV-COB-4x4", "Cobble paver 4 x 4, granite", "each", "0.62", "1.15", 5200, (1800, 8000)),
    Ware("PV-EDGE-8", "Paver edging, 8 ft", "each", "7.80", "13.40", 160, (50, 250)),
    Ware("Spike 10*", 'Edging spike 10" * box of 50', "box", "17.20", "28.50", 62, (20, 100)),
    Ware("GEO-4x100", "Geotextile 4' x 100'", "roll", "29.80", "48.00", 45, (15, 70)),
    Ware("Blade 14/DIA", 'Diamond blade 14", segmented', "each", "72.00", "124.00", 24, (8, 30)),
    Ware("Float, bull 48", 'Bull float 48", "magnesium"', "each", "58.00", "96.50", 11, (3, 15)),
    Ware("Broom 36", 'Concrete broom 36"', "each", "24.50", "41.25", 17, (5, 24)),
    Ware("Cone 28", 'Traffic cone 28"', "each", "11.70", "19.95", 90, (30, 120)),
    Ware("Paint:White 17oz", "Marking paint, white", "can", "3.90", "6.95", 190, (60, 288)),
    Ware("Paint:Yellow 17oz", "Marking paint, yellow", "can", "3.90", "6.95", 170, (60, 288)),
)


class Charge(NamedTuple):
    """One item that has no stock: what else may stand on a transaction's line.

    Attributes:
        name: Item name.
        item_type: QuickBooks' word for its sort.
        description: Sales description.
    """

    name: str
    item_type: str
    description: str


CHARGES = (
    Charge(SHIPPING_ITEM, "Other Charge", "Ground, home delivery"),
    Charge(DELIVERY_ITEM, "Service", "Delivery and handling, flatbed"),
    Charge(SUBTOTAL_ITEM, "Subtotal", "Subtotal"),
    Charge(DISCOUNT_ITEM, "Discount", "Contractor discount"),
    Charge(TAX_ITEM, "Sales Tax Item", "State sales tax"),
    Charge("Cutting", "Service", "Saw cutting, per hour"),
)

SCRIPTED_CUSTOMER = "Northside Paving"
CUSTOMERS = (
    SCRIPTED_CUSTOMER,
    "Béton Frères",
    "Tri\N{EN DASH}County Curb & Gutter",
    'Stone "Works", Inc.',
    "Café Terrasse",
    "Harbor Hardscape",
    "Harbor Hardscape:Pier 4 job",
    "Ridge Road Masonry",
    "Blue Barrow Landscaping",
    "Ironbound Foundations",
    "Millrace Concrete",
    "Quarry Lane Builders",
    "Two Rivers Excavating",
    "Lantern Hill Homes",
    "Copper Kettle Properties",
    "Eastgate Asphalt",
    "Greenfield Township",
    "Level Best Patios",
    "Plumb Line Contractors",
    "Keystone Walkways",
    "Fox Hollow Farm",
    "Sandpiper Pools",
    "Old Mill Restoration",
    "Summit Sitework",
    "Bramble Court HOA",
    "Granite State Steps",
    "Union Street Deli",
    "Cobble & Kerb",
    "Pine Barrens Paving",
    "Redstone Retaining Walls",
    "Walk-in trade",
    "Meadow View School",
    "Shoreline Sealcoating",
    "Hilltop Self Storage",
    "Orchard Park Condos",
    "Riverbend Marina",
    "Tamarack Tree & Turf",
    "Westfield Warehouse",
    "Anvil Fence Co.",
    "Birchwood Builders",
)

STREETS = ("Quarry Rd", "Mill St", "Depot Ave", "Old Post Rd", "Canal St", "Ridge Rd", "Commerce Dr")
TOWNS = (
    ("Stonebridge", "NJ", "07001"),
    ("Millbrook", "NJ", "07002"),
    ("Easton Ferry", "PA", "18040"),
    ("Port Gravel", "NJ", "08001"),
    ("Saint-Rémy", "NY", "12401"),
)
VENDORS = ("Allied Aggregate", "Fastening Supply House", "Société du Ciment", "Mid\N{EN DASH}State Masonry")
