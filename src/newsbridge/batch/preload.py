"""What every worker process needs, loaded once before they part."""

from newsbridge import pipeline as pipeline
from newsbridge import reading as reading
from newsbridge.batch import heap
from newsbridge.record import document as document
from newsbridge.summary import extractive as extractive
from newsbridge.writing import html as html
from newsbridge.writing import markdown as markdown

heap.settle()
