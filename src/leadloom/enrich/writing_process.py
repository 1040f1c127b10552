"""The process that writes for a run: `python -m leadloom.enrich.writing_process`."""

from leadloom.enrich import writing
from leadloom.jobs import far_writer

if __name__ == "__main__":
    far_writer.serve(writing.start)
