"""What tests stand on: databases, servers, browser, clients and counters; no test lives here."""
