"""Instruments that measure: scores, intervals, calibration, agreement of readers. They know arrays, not our models."""
