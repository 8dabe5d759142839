"""Heads of strangers in Italian, French, Spanish, Portuguese and Romanian: each page stands for a family."""

import datetime as dt

import pytest

from tests.parsers.pdf.heads import Said, said

PAGES = [
    pytest.param(
        """
Officine Ferrari & Figli S.n.c.
Via Garibaldi 12 - 10122 Torino
P.IVA 04455660012  Tel. 011 555 010

                                              Spett.le
                                              UTENSILERIA ALPINA S.R.L.
                                              Corso Francia 200
                                              10146 TORINO TO

Torino, 3 marzo 2026

Oggetto: Ordine n. 57/2026

Vi preghiamo di consegnare entro il 20/03/2026 quanto segue:

Luogo di consegna: Magazzino Ferrari, Strada del Drosso 33, 10135 Torino
""",
        Said(
            number="57/2026",
            date=dt.date(2026, 3, 3),
            requested=dt.date(2026, 3, 20),
            buyer="Officine Ferrari & Figli S.n.c.",
            supplier="UTENSILERIA ALPINA S.R.L.",
            ship_to="Magazzino Ferrari",
            address="Strada del Drosso 33, 10135 Torino",
        ),
        id="an Italian letter with its number in the subject",
    ),
    pytest.param(
        """
MAIRIE DE SAINT-AUBIN                              BON DE COMMANDE
Service des Achats
2 place de l'Église
35140 SAINT-AUBIN                        N° d'engagement : 2026-00451
SIRET 213 502 511 00019                  N° du bon : BC26-118
                                         Date : 05/02/2026

Titulaire : Papeterie de l'Ouest SARL
            14 rue de Rennes
            35300 FOUGERES

Adresse de livraison : École Jules Ferry
                       8 rue des Écoles
                       35140 SAINT-AUBIN

Date de livraison souhaitée : 16/02/2026
""",
        Said(
            number="BC26-118",
            date=dt.date(2026, 2, 5),
            requested=dt.date(2026, 2, 16),
            buyer="MAIRIE DE SAINT-AUBIN",
            supplier="Papeterie de l'Ouest SARL",
            ship_to="École Jules Ferry",
            address="8 rue des Écoles, 35140 SAINT-AUBIN",
        ),
        id="a town hall with its own file numbers",
    ),
    pytest.param(
        """
!PEDIDO DE COMPRA

Nº Pedido        PC-2026/0331          Fecha         21/04/2026
Proveedor        Suministros Vega S.L.
CIF              B12345674
Dirección        Pol. Ind. Oeste, Nave 4, 30820 Alcantarilla

Cliente          Conservas La Huerta S.A.
CIF              A30555111
Entregar en      Conservas La Huerta S.A., Ctra. Nacional km 5, 30500 Molina
Fecha entrega    28/04/2026
Moneda           EUR
""",
        Said(
            number="PC-2026/0331",
            date=dt.date(2026, 4, 21),
            requested=dt.date(2026, 4, 28),
            buyer="Conservas La Huerta S.A.",
            supplier="Suministros Vega S.L.",
            ship_to="Conservas La Huerta S.A.",
            address="Ctra. Nacional km 5, 30500 Molina",
            currency="EUR",
        ),
        id="labels left and values right, as in a sheet",
    ),
    pytest.param(
        """
S.C. PANIF SPIC S.R.L.                         COMANDĂ Nr. 77 din 05.03.2026
Str. Morii nr. 4, Iași
CUI RO 1234567
J22/100/2005

Furnizor: MORĂRIT UNU S.A.
Adresa: Calea Chișinăului 12, Iași

Termen de livrare: 09.03.2026
Adresa de livrare: Brutăria nr. 3, Str. Păcurari 88, 700511 Iași
Valuta: RON
""",
        Said(
            number="77",
            date=dt.date(2026, 3, 5),
            requested=dt.date(2026, 3, 9),
            buyer="S.C. PANIF SPIC S.R.L.",
            supplier="MORĂRIT UNU S.A.",
            ship_to="Brutăria nr. 3",
            address="Str. Păcurari 88, 700511 Iași",
            currency="RON",
        ),
        id="the number after the title, the date after din",
    ),
    pytest.param(
        """
CÂMARA MUNICIPAL DE MONTEVERDE
NIPC 501 222 333

REQUISIÇÃO EXTERNA N.º 2026/512                     Data: 2026-03-18

Fornecedor: Ferragens do Norte, Lda.
Morada: Rua Direita 55, 4700-100 Braga
NIF: 500 111 222

Local de entrega: Estaleiro Municipal, Rua do Parque, 4705-200 Monteverde
Prazo de entrega: 2026-03-25
""",
        Said(
            number="2026/512",
            date=dt.date(2026, 3, 18),
            requested=dt.date(2026, 3, 25),
            buyer="CÂMARA MUNICIPAL DE MONTEVERDE",
            supplier="Ferragens do Norte, Lda.",
            ship_to="Estaleiro Municipal",
            address="Rua do Parque, 4705-200 Monteverde",
        ),
        id="a title with an adjective before its number",
    ),
    pytest.param(
        """
Boulangerie Le Fournil d'Antan
6 rue Neuve
21000 Dijon
Tél. 03 80 00 00 01

                                     Moulins Dijonnais SA
                                     Zone Nord
                                     21850 Saint-Apollinaire

Dijon, le 9 mars 2026

Commande n° 26/031

Merci de nous livrer au plus tard le 13/03/2026 les produits suivants :
""",
        Said(
            number="26/031",
            date=dt.date(2026, 3, 9),
            requested=dt.date(2026, 3, 13),
            buyer="Boulangerie Le Fournil d'Antan",
            supplier="Moulins Dijonnais SA",
        ),
        id="a sender without a legal form above a company",
    ),
    pytest.param(
        """
                                                    COMMANDE FOURNISSEUR

Garage Dupuis                                       Numéro        CF-2026-0042
15 route de Lyon                                    Date          12/03/2026
38300 Bourgoin-Jallieu                              Livraison     16/03/2026
Tél : 04 74 00 00 00
                                                    Pièces Auto Rhône SAS
                                                    3 rue de l'Industrie
                                                    69800 Saint-Priest
""",
        Said(
            number="CF-2026-0042",
            date=dt.date(2026, 3, 12),
            requested=dt.date(2026, 3, 16),
            buyer="Garage Dupuis",
            supplier="Pièces Auto Rhône SAS",
        ),
        id="a delivery date above an addressee",
    ),
    pytest.param(
        """
CLÍNICA VETERINARIA LOS OLIVOS
C/ Mayor 14
41001 Sevilla
N.I.F. 28555444K

Sevilla, a 4 de marzo de 2026

A la atención de: DISTRIBUCIONES GANADERAS S.L.

PEDIDO Nº 0321

Rogamos entreguen antes del 10/03/2026 en C/ Mayor 14, 41001 Sevilla
""",
        Said(
            number="0321",
            date=dt.date(2026, 3, 4),
            requested=dt.date(2026, 3, 10),
            buyer="CLÍNICA VETERINARIA LOS OLIVOS",
            supplier="DISTRIBUCIONES GANADERAS S.L.",
        ),
        id="to the attention of a company",
    ),
    pytest.param(
        """
HOTEL BELLAVISTA S.R.L.
Lungolago 22 - 28838 Stresa (VB)
C.F. e P.IVA 01777660033

Ordine a fornitore                            Fornitore
Numero      Data            Pag.              CANTINE MONTEROSSO S.S.
412         05/03/2026      1                 Loc. Valle 3
                                              14049 Nizza Monferrato AT

Destinazione merce                            Consegna richiesta
HOTEL BELLAVISTA - DISPENSA                   12/03/2026
Via Cantoni 5
28838 Stresa VB
""",
        Said(
            number="412",
            date=dt.date(2026, 3, 5),
            requested=dt.date(2026, 3, 12),
            buyer="HOTEL BELLAVISTA S.R.L.",
            supplier="CANTINE MONTEROSSO S.S.",
            ship_to="HOTEL BELLAVISTA - DISPENSA",
            address="Via Cantoni 5, 28838 Stresa VB",
        ),
        id="a destination under its label",
    ),
]


@pytest.mark.parametrize(("page", "want"), PAGES)
def test_the_head_of_a_stranger_is_read_whole(page: str, want: Said):
    assert said(page) == want
