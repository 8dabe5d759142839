"""Heads of strangers in English, from Leeds to Chennai: each page stands for a family, none is anybody's."""

import datetime as dt

import pytest

from oms_core.values.draft import DocumentKind
from tests.parsers.pdf.heads import Said, said

PAGES = [
    pytest.param(
        """
Cedar & Finch Brewing Co.                          Purchase Order
118 Mill Street
Portland, ME 04101                            Date          P.O. No.
                                              3/12/2026     1187

Vendor                                        Ship To
Atlantic Malt Supply                          Cedar & Finch Brewing Co.
PO Box 220                                    Taproom Dock
Bangor, ME 04402                              120 Mill Street
                                              Portland, ME 04101

                          Terms        Expected     Ship Via
                          Net 30       3/19/2026    Truck
""",
        Said(
            number="1187",
            date=dt.date(2026, 3, 12),
            requested=dt.date(2026, 3, 19),
            buyer="Cedar & Finch Brewing Co.",
            supplier="Atlantic Malt Supply",
            ship_to="Cedar & Finch Brewing Co.",
            address="Taproom Dock, 120 Mill Street, Portland, ME 04101",
        ),
        id="a small table of number and date",
    ),
    pytest.param(
        """
Order #4417
March 3, 2026

Ship to                                 Bill to
Rowan Miles                             Hearth & Loom Interiors Ltd
Hearth & Loom Interiors Ltd             Rowan Miles
Unit 5 Wharf Yard                       22 High Street
Leeds LS10 1AB                          Leeds LS1 4XX
United Kingdom                          United Kingdom
""",
        Said(
            number="4417",
            date=dt.date(2026, 3, 3),
            buyer="Hearth & Loom Interiors Ltd",
            ship_to="Hearth & Loom Interiors Ltd",
            address="Unit 5 Wharf Yard, Leeds LS10 1AB, United Kingdom",
        ),
        id="a shop mail",
    ),
    pytest.param(
        """
                                        Marlow House Hotel
                                        12 The Parade, Whitby YO21 3AB
                                        bookings@marlowhouse.example

                                        12th March 2026

The Sales Manager
Northern Linen Supplies Ltd
Dale Street
Leeds LS2 7PP

Dear Sirs,

Our order MH/0326

Please deliver the following by Friday 20th March 2026.
""",
        Said(
            number="MH/0326",
            date=dt.date(2026, 3, 12),
            requested=dt.date(2026, 3, 20),
            buyer="Marlow House Hotel",
            supplier="Northern Linen Supplies Ltd",
        ),
        id="an English letter",
    ),
    pytest.param(
        """
MERCY VALLEY HOSPITAL                       PURCHASE ORDER NUMBER: 0088412
Materials Management                        PURCHASE ORDER DATE: 02/27/2026
400 Hospital Dr                             REVISION: 0
Salem OR 97301                              PAGE: 1

TO: COASTLINE MEDICAL INC              SHIP TO: MERCY VALLEY HOSPITAL
    9100 COMMERCE PKWY                               RECEIVING DOCK
    DUBLIN OH 43017                                  410 HOSPITAL DR
                                                     SALEM OR 97301

DELIVER BY: 03/06/2026    BUYER: J. ALVAREZ    ACCT NO: 55120
""",
        Said(
            number="0088412",
            date=dt.date(2026, 2, 27),
            requested=dt.date(2026, 3, 6),
            buyer="MERCY VALLEY HOSPITAL",
            supplier="COASTLINE MEDICAL INC",
            ship_to="MERCY VALLEY HOSPITAL",
            address="RECEIVING DOCK, 410 HOSPITAL DR, SALEM OR 97301",
        ),
        id="labels and values in capitals",
    ),
    pytest.param(
        """
Voucher No.  PO/26-27/041         Dated  4-Apr-26
Invoice To
Sri Balaji Textiles Pvt Ltd
14 Mill Road, Coimbatore 641018
GSTIN/UIN: 33ABCDE1234F1Z5

Consignee (Ship to)
Sri Balaji Textiles - Unit II
SF 22, Sulur Road, Coimbatore 641402

Supplier (Bill from)
Kaveri Dyes & Chemicals
9 Harbour Street, Chennai 600001
GSTIN/UIN: 33FGHIJ5678K1Z2
""",
        Said(
            number="PO/26-27/041",
            date=dt.date(2026, 4, 4),
            buyer="Sri Balaji Textiles Pvt Ltd",
            supplier="Kaveri Dyes & Chemicals",
            ship_to="Sri Balaji Textiles - Unit II",
            address="SF 22, Sulur Road, Coimbatore 641402",
        ),
        id="parties under their labels, a year in the number",
    ),
    pytest.param(
        """
Bayside Kitchen Pty Ltd
ABN 12 345 678 901
8 Beach Rd, Coogee NSW 2034

PURCHASE ORDER  PO-00077

Supplier: Golden Grain Bakers Pty Ltd
Order date: 4 Mar 2026
Delivery date: Fri 6 Mar 2026, before 5am
Deliver to: 8 Beach Rd, Coogee NSW 2034
All prices AUD ex GST
""",
        Said(
            number="PO-00077",
            date=dt.date(2026, 3, 4),
            requested=dt.date(2026, 3, 6),
            buyer="Bayside Kitchen Pty Ltd",
            supplier="Golden Grain Bakers Pty Ltd",
            address="8 Beach Rd, Coogee NSW 2034",
            currency="AUD",
        ),
        id="labels in running lines",
    ),
    pytest.param(
        """
PURCHASE ORDER FORM

Company name        Bright Steps Nursery Ltd
Address             4 Park Lane, Derby DE1 2AB
Contact             Amy Ross
Order number        BSN-119
Date                11/03/2026
Date required       18/03/2026

Supplier            Kidz Supplies Ltd
Supplier address    Unit 2 Trade Park, Stoke ST1 5AA
""",
        Said(
            number="BSN-119",
            date=dt.date(2026, 3, 11),
            requested=dt.date(2026, 3, 18),
            buyer="Bright Steps Nursery Ltd",
            supplier="Kidz Supplies Ltd",
        ),
        id="a form of a nursery",
    ),
    pytest.param(
        """
Quill & Co Ltd
5 Mill Row, York YO1 7AA
VAT No GB 111 2223 33

INVOICE                                 Invoice No   10233
                                        Invoice date 03/03/2026
Bill To                                 Your order   PO-551
Green Acre Farms Ltd                    Due date     02/04/2026
Manor Road, Selby YO8 4AA
""",
        Said(
            number="10233",
            date=dt.date(2026, 3, 3),
            buyer="Green Acre Farms Ltd",
            supplier="Quill & Co Ltd",
            kind=DocumentKind.INVOICE,
        ),
        id="an invoice",
    ),
    pytest.param(
        """
CITY OF MAPLE GROVE                         PURCHASE ORDER
Finance Department                          No. 2026-00718
12 Civic Center Plaza                       Date: 3/4/2026
Maple Grove, MN 55311                       Requisition: R-1190

VENDOR: 004412                              SHIP TO:
PRAIRIE ROAD SALT LLC                       PUBLIC WORKS GARAGE
880 Highway 55                              9030 Forestview Ln
Hamel, MN 55340                             Maple Grove, MN 55369

DELIVERY REQUIRED BY: 3/20/2026
""",
        Said(
            number="2026-00718",
            date=dt.date(2026, 3, 4),
            requested=dt.date(2026, 3, 20),
            buyer="CITY OF MAPLE GROVE",
            supplier="PRAIRIE ROAD SALT LLC",
            ship_to="PUBLIC WORKS GARAGE",
            address="9030 Forestview Ln, Maple Grove, MN 55369",
        ),
        id="a vendor number above its name",
    ),
    pytest.param(
        """
Les Aliments Boréal Inc.               BON DE COMMANDE / PURCHASE ORDER
1200 rue Sherbrooke                    No : BC-5521
Montréal (Québec) H3A 1A1              Date : 2026-03-05
                                       Livraison / Delivery : 2026-03-12
Fournisseur / Vendor :                 Livrer à / Ship to :
Emballages Nordiques Ltée              Les Aliments Boréal Inc. - Entrepôt
55 ch. du Port                         880 boul. Industriel
Québec (Québec) G1K 3X2                Laval (Québec) H7L 4R9
Devise / Currency : CAD
""",
        Said(
            number="BC-5521",
            date=dt.date(2026, 3, 5),
            requested=dt.date(2026, 3, 12),
            buyer="Les Aliments Boréal Inc.",
            supplier="Emballages Nordiques Ltée",
            ship_to="Les Aliments Boréal Inc. - Entrepôt",
            address="880 boul. Industriel, Laval (Québec) H7L 4R9",
            currency="CAD",
        ),
        id="labels in two languages",
    ),
]


@pytest.mark.parametrize(("page", "want"), PAGES)
def test_the_head_of_a_stranger_is_read_whole(page: str, want: Said):
    assert said(page) == want
