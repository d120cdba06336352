"""Writes the stores described in README.md into this folder.  pip install zarr numcodecs xarray"""

import pathlib
import shutil
import warnings

import numcodecs
import numpy as np
import xarray as xr
import zarr
from zarr.codecs import BloscCodec, BytesCodec, GzipCodec, TransposeCodec

warnings.filterwarnings("ignore", message="Consolidated metadata")
HERE = pathlib.Path(__file__).parent
DIMENSIONS = ("time", "level", "longitude", "latitude")
HOURS = (np.datetime64("2002-01-11") - np.datetime64("1959-01-01")) // np.timedelta64(1, "h") + np.array([0, 6, 18])
COORDINATES = {
    "time": (HOURS.astype("i8"), {"units": "hours since 1959-01-01", "calendar": "proleptic_gregorian"}),
    "level": (np.array([500, 850]), {}),
    "longitude": (np.arange(0.0, 360.0, 60.0), {"units": "degrees_east"}),
    "latitude": (np.arange(-60.0, 61.0, 40.0), {"units": "degrees_north"}),
}


def variables():
    t, l, x, y = np.meshgrid(np.arange(3), np.arange(2), np.arange(6), np.arange(4), indexing="ij")
    t3, x3, y3 = (a[:, 0] for a in (t, x, y))
    surface = ("time", "longitude", "latitude")
    z = 10000.0 + 1000 * l + 100 * t + 10 * x + y
    z[2] = np.nan
    return {
        "geopotential": (DIMENSIONS, z, "m**2 s**-2"),
        "2m_temperature": (surface, 250 + 20 * t3 + x3 + y3 / 4, "K"),
        "sea_surface_temperature": (surface, np.where(x3 < 2, np.nan, 280 + t3 + y3 / 2), "K"),
        "total_precipitation_6hr": (surface, (t3 + x3) / 1024, "m"),
        "land_sea_mask": (surface[1:], np.where(x3[0] < 2, 1.0, 0.0), "(0 - 1)"),
    }


def put(group, name, dimensions, values, attributes, **options):
    if group.metadata.zarr_format == 2:
        attributes = {**attributes, "_ARRAY_DIMENSIONS": list(dimensions)}
    else:
        options["dimension_names"] = dimensions
    array = group.create_array(name, shape=values.shape, attributes=attributes, **options)
    array[...] = values


def store(name, version, chunks, compressors, dtype="<f4", packed=False, consolidated=True, more={}, coordinate={}):
    path = HERE / name
    shutil.rmtree(path, ignore_errors=True)
    group = zarr.open_group(path, mode="w", zarr_format=version)
    for axis, (values, attributes) in COORDINATES.items():
        put(group, axis, (axis,), values, attributes, chunks=values.shape, dtype=values.dtype,
            fill_value=None if version == 2 else 0, **coordinate)
    for i, (variable, (dimensions, values, units)) in enumerate(variables().items()):
        attributes = {"units": units}
        options = {"dtype": dtype, "fill_value": float("nan"), **more}
        if packed and variable == "2m_temperature":
            attributes |= {"scale_factor": 0.25, "add_offset": 273.0}
            values = np.round((values - 273.0) / 0.25).astype("i2")
            options |= {"dtype": "<i2", "fill_value": -32767}
        if name == "v2_mixed":
            attributes["missing_value"] = float("nan")
        if "filters" in options and callable(options["filters"]):
            options["filters"] = options["filters"](len(dimensions))
        put(group, variable, dimensions, values, attributes, chunks=tuple(chunks[d] for d in dimensions),
            compressors=compressors[i % len(compressors)], config={"write_empty_chunks": False}, **options)
    if consolidated:
        zarr.consolidate_metadata(group.store)


def by_xarray(name):
    data = xr.Dataset({v: (d, a.astype("f4"), {"units": u}) for v, (d, a, u) in variables().items()},
                      {c: (c, a, attributes) for c, (a, attributes) in COORDINATES.items()})
    encoding = {v: {"chunks": tuple(1 if d == "time" else data.sizes[d] for d in data[v].dims)} for v in data}
    data.to_zarr(HERE / name, mode="w", zarr_format=3, consolidated=True, encoding=encoding)


def latents(name):
    """As the reference's encode_data.py writes a training set, with smaller chunks."""
    values = np.arange(5 * 3 * 2 * 4, dtype="f4").reshape(5, 3, 2, 4) / 8
    times = np.datetime64("1979-01-01T05", "ns") + np.arange(5) * np.timedelta64(6, "h")
    data = xr.Dataset({"latents": (("time", "C", "H", "W"), values)}, coords={"time": times})
    data.to_zarr(HERE / name, mode="w", zarr_format=2, encoding={"latents": {"chunks": (4, 2, 2, 4)}})


WHOLE = {"time": 1, "level": 2, "longitude": 6, "latitude": 4}
SPLIT = {"time": 2, "level": 1, "longitude": 4, "latitude": 3}
blosc = numcodecs.Blosc
store("v2_blosc", 2, WHOLE, [blosc("lz4", shuffle=blosc.SHUFFLE)])
store("v2_zstd", 2, SPLIT, [numcodecs.Zstd(1)], dtype=">f4", consolidated=False,
      more={"chunk_key_encoding": {"name": "v2", "separator": "/"}})
store("v2_zlib", 2, {**WHOLE, "time": 3}, [numcodecs.Zlib(9)], packed=True, more={"order": "F"})
store("v2_mixed", 2, WHOLE, [blosc("zstd", shuffle=blosc.BITSHUFFLE), blosc("zlib", shuffle=blosc.NOSHUFFLE),
                             blosc("lz4hc"), numcodecs.LZ4(), None], coordinate={"compressors": blosc("blosclz")})
by_xarray("v3_zstd")
store("v3_gzip", 3, SPLIT, [GzipCodec(level=5)], consolidated=False,
      more={"serializer": BytesCodec(endian="big"), "chunk_key_encoding": {"name": "v2", "separator": "."},
            "filters": lambda rank: [TransposeCodec(order=tuple(reversed(range(rank))))]})
store("v3_blosc", 3, WHOLE, [BloscCodec(cname="zstd", shuffle="bitshuffle")], consolidated=False)
latents("v2_latents")
