"""Couplings out: ERP, mail and document out, each a thin adapter behind a port."""
