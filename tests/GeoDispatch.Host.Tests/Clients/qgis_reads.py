"""Opens layers in QGIS without a screen and says what it made of each: python3 qgis_reads.py < layers.json > answers.json

Each layer: {"name", "kind": "vector" | "raster" | "tiles", "provider", "uri", "extent": [west, south, east, north] in EPSG:4326,
"filter": an expression of QGIS or null}. Each answer: {"valid", "error", "count" (vector only), "filtered", "colours" of the picture}.
"""
import json
import sys

from qgis.core import (Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest,
                       QgsMapRendererParallelJob, QgsMapSettings, QgsProject, QgsRasterLayer, QgsRectangle, QgsVectorLayer,
                       QgsVectorTileBasicRenderer, QgsVectorTileLayer, QgsWkbTypes)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def opened(asked):
    if asked["kind"] == "vector":
        return QgsVectorLayer(asked["uri"], asked["name"], asked["provider"])
    if asked["kind"] == "raster":
        return QgsRasterLayer(asked["uri"], asked["name"], asked["provider"])
    layer = QgsVectorTileLayer(asked["uri"], asked["name"])
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles(QgsVectorTileBasicRenderer.simpleStyle(
        QColor("#ddeedd"), QColor("#336633"), 0.2, QColor("#333333"), 0.4, QColor("#aa0000"), QColor("#550000"), 2))
    layer.setRenderer(renderer)
    return layer


def colours(layer, extent):
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setOutputSize(QSize(512, 512))
    settings.setDestinationCrs(mercator)
    there = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance())
    settings.setExtent(there.transformBoundingBox(QgsRectangle(*extent)))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return len({image.pixel(x, y) for x in range(0, 512, 2) for y in range(0, 512, 2)}), [error.message for error in job.errors()]


def read(asked):
    layer = opened(asked)
    answer = {"name": asked["name"], "valid": layer.isValid(), "error": "" if layer.error().isEmpty() else layer.error().message()}
    if not layer.isValid():
        return answer
    if asked["kind"] == "vector":
        answer["count"] = sum(1 for _ in layer.getFeatures())
        if asked.get("filter"):
            answer["filtered"] = sum(1 for _ in layer.getFeatures(QgsFeatureRequest().setFilterExpression(asked["filter"])))
            # The provider's own filter goes to the server where it can.
            answer["subset"] = layer.setSubsetString(asked["subset"]) if asked.get("subset") else None
            answer["subsetCount"] = sum(1 for _ in layer.getFeatures()) if asked.get("subset") else None
            if asked.get("subset"):
                layer.setSubsetString("")
    answer["colours"], errors = colours(layer, asked["extent"])
    answer["error"] = "; ".join(errors) or answer["error"]
    return answer


application = QgsApplication([], False)
application.initQgis()
answers = [read(asked) for asked in json.load(sys.stdin)]
json.dump({"version": Qgis.QGIS_VERSION, "layers": answers}, sys.stdout)
sys.stdout.flush()
application.exitQgis()
