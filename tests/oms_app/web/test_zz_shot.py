from dataclasses import replace
from datetime import date
from decimal import Decimal
from oms_app.demo.company import build_company
from oms_app.demo.orders import build_orders
from oms_app.demo.render_pdf import render_pdf
from oms_core.values import SenderFacts
import re
def test_shot(office, address, browser):
    office.add("anna","reviewer")
    c=build_company(7)
    orders={o.name:o for o in build_orders(c,7,date(2026,3,2))}
    o=orders["mail-pdf-3"]
    for l in orders["folder-pdf-2"].orders[0].lines: print(l)
    p=orders["folder-pdf-1"].orders[0]
    for l in p.lines: print(l)
    lines=list(p.lines)[:6]
    lines[1]=replace(lines[1], supplier_code=None, description=re.sub(r" (verzinkt|A2|A4).*","",lines[1].description))
    lines[3]=replace(lines[3], printed_price=(lines[3].printed_price*Decimal("0.9")).quantize(Decimal("0.01")))
    data=render_pdf(replace(p, lines=tuple(lines), number="4500010877"), "grid", None) 
    key=office.take(data, "order-4500010877.pdf", sender=SenderFacts(partner="K1002"))
    print(office.load(key).match, office.load(key).findings)
    page=browser.new_page(viewport={"width":1360,"height":850}, device_scale_factor=1)
    page.goto(address+"/login"); page.fill("[name=login]","anna"); page.fill("[name=password]", office.passwords["anna"]); page.keyboard.press("Enter"); page.wait_for_selector("text=Nothing is lost")
    page.goto(f"{address}/tasks/{key}"); page.wait_for_load_state("networkidle")
    page.screenshot(path="/tmp/shots/readme.png")
