from datetime import date
from oms_app.demo.company import build_company
from oms_app.demo.orders import build_orders
from oms_core.values import SenderFacts, ChannelKind
def test_smoke(office, desk):
    c = build_company(7)
    for o in build_orders(c, 7, date(2026,3,2)):
        mail = o.channel is ChannelKind.MAILBOX
        office.receive(o.data, o.filename, sender=SenderFacts(address=o.sender, authenticated=True) if mail else SenderFacts(partner=o.sender), key=o.name)
    office.walk()
    import re
    for p in ("/", "/queue", "/orders", "/upload", "/password", "/queue?reason=match", "/orders?by=machine"):
        r = desk.get(p); assert r.status_code == 200, (p, r.text)
    links = set(re.findall(r'href="(/(?:tasks|documents|orders|places)/[^"]+)"', desk.get("/queue").text + desk.get("/orders").text+ desk.get("/").text))
    print(len(links))
    for l in links:
        r = desk.get(l); assert r.status_code == 200, (l, r.status_code, r.text[:2000])
        print(l, len(r.text))
