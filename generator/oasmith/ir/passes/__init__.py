"""Passes over the intermediate model: functions from `Api` to `Api`."""
