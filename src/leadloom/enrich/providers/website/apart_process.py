"""The process that takes pages apart: `python -m …website.apart_process`."""

from leadloom.enrich.providers.website import apart

if __name__ == "__main__":
    apart.serve()
