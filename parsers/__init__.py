"""One module per format, one face (`oms_core.ports.Parser`): bytes in, drafts, findings and parts out."""
