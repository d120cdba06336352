"""Opens the main job's outputs as a user would, and computes two scores again with NumPy."""

import csv
import pathlib
import subprocess
import sys
import tempfile
import unittest
import warnings

import numpy as np
import xarray as xr

PROGRAM = sys.argv.pop(1)
RUN = ["run.members=3", "run.batch=2", "run.lead.until_hours=12"]
GRIB = """
[nodes.grib]
type = "grib_out"
in   = "unscale"
path = "${out}/{init}-{lead}h-enfo-pf.grib2"

[nodes.quantiles]
type = "quantiles"
in   = "unscale"

[nodes.grib_quantiles]
type = "grib_out"
in   = "quantiles"
path = "${out}/{init}-{lead}h-enfo-pb.grib2"
"""
ZARR = """
[nodes.store]
type        = "zarr_out"
in.fields   = "unscale"
in.analysis = "analysis_on_grid"
path        = "${out}/all.zarr"
"""
EUROPE = """
[nodes.europe]
type   = "select"
in     = "unscale"
region = [72, -20, 34, 30]
leads  = [12]

[nodes.europe_file]
type = "netcdf_out"
in   = "europe"
path = "${out}/europe_{init}.nc"
verify_after_write = true

[nodes.europe_store]
type = "zarr_out"
in   = "europe"
path = "${out}/europe.zarr"
verify_after_write = true

[nodes.europe_grib]
type = "grib_out"
in   = "europe"
path = "${out}/europe_{init}-{lead}.grib2"
"""
SCORE_FILE = """
[nodes.score_file]
type = "netcdf_scores_out"
in   = "scores"
path = "${out}/scores.nc"
"""


def run(out, *settings, pipeline="pipelines/ens15d.toml"):
    options = [word for setting in (*RUN, f"out={out}", *settings) for word in ("--set", setting)]
    subprocess.run([PROGRAM, "run", pipeline, *options], check=True, capture_output=True)


def open_dataset(path):
    return xr.open_dataset(path, decode_timedelta=True)


def open_grib(path, **keys):
    """With the program's own ecCodes, which the package of this version finds on the system."""
    return xr.open_dataset(path, engine="cfgrib", decode_timedelta=True,
                           backend_kwargs={"indexpath": "", "filter_by_keys": keys})


def area_mean(field, latitude):
    """Weighted by cell area; rows are 5.625 degrees apart and the outer ones end at the poles."""
    edges = np.concatenate([[-90], (latitude[1:] + latitude[:-1]) / 2, [90]])
    return np.average(field.mean(axis=-1), weights=np.diff(np.sin(np.radians(edges))), axis=-1)


class Outputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.out = pathlib.Path(cls.folder.name)
        run(cls.out)
        cls.forecast = open_dataset(cls.out / "20020111T00.nc")
        cls.addClassCleanup(cls.forecast.close)

    def test_times_members_and_levels_are_decoded(self):
        np.testing.assert_array_equal(self.forecast.number, [1, 2, 3])
        np.testing.assert_array_equal(self.forecast.step, np.array([6, 12], "timedelta64[h]"))
        np.testing.assert_array_equal(self.forecast.level, [250, 500, 850])
        np.testing.assert_array_equal(self.forecast.forecast_reference_time, np.datetime64("2002-01-11T00"))
        np.testing.assert_array_equal(
            self.forecast.valid_time, np.array(["2002-01-11T06", "2002-01-11T12"], "datetime64[h]"))

    def test_fields_are_whole_and_plausible(self):
        self.assertEqual(self.forecast.z.dims, ("number", "step", "level", "latitude", "longitude"))
        self.assertEqual(self.forecast.t2m.dims, ("number", "step", "latitude", "longitude"))
        self.assertTrue(np.isfinite(self.forecast.z).all())
        self.assertTrue(((self.forecast.t2m > 180) & (self.forecast.t2m < 340)).all())
        self.assertGreater(float(self.forecast.t2m.std("number").mean()), 0)

    def test_a_file_for_each_member_holds_the_same_fields(self):
        out = self.out / "members"
        run(out, "nodes.fields.layout=members", f"nodes.fields.path={out}/{{init}}_{{member}}.nc")
        files = sorted(out.glob("*.nc"))
        self.assertEqual(len(files), 3)
        for member, path in zip((1, 2, 3), files):
            with open_dataset(path) as one:
                self.assertEqual(int(one.number), member)
                np.testing.assert_array_equal(one.time, self.forecast.valid_time)
                np.testing.assert_array_equal(one.z, self.forecast.z.sel(number=member))

    def test_grib_files_hold_the_same_fields(self):
        out = self.out / "grib"
        out.mkdir()
        pipeline = out / "grib.toml"
        pipeline.write_text(pathlib.Path("pipelines/ens15d.toml").read_text() + GRIB)
        run(out, pipeline=str(pipeline))
        south_to_north = slice(None, None, -1)
        for step, lead in enumerate((6, 12)):
            path = out / f"20020111T00-{lead:03}h-enfo-pf.grib2"
            expected = self.forecast.isel(step=step)
            for name, short_name, scale, tolerance in (
                    ("t", "t", 1, 0.002), ("z", "z", 1, 2), ("t2m", "2t", 1, 0.002), ("tp", "tp", 1000, 0.001)):
                with open_grib(path, shortName=short_name) as grib:
                    np.testing.assert_array_equal(grib.number, [1, 2, 3])
                    self.assertEqual(grib.valid_time, expected.valid_time)
                    field = grib[name].isel(latitude=south_to_north)
                    if "isobaricInhPa" in field.dims:
                        field = field.sortby("isobaricInhPa")
                    np.testing.assert_allclose(field.values, scale * expected[name].values, rtol=0, atol=tolerance)
                    np.testing.assert_allclose(field.latitude, expected.latitude, atol=1e-6)
                    np.testing.assert_allclose(field.longitude, expected.longitude, atol=1e-6)
            with open_grib(out / f"20020111T00-{lead:03}h-enfo-pb.grib2", shortName="2t", percentileValue=25) as grib:
                np.testing.assert_allclose(grib.t2m.isel(latitude=south_to_north).values,
                                           np.percentile(expected.t2m.values, 25, axis=0), rtol=0, atol=0.002)

    def test_a_zarr_store_holds_the_same_fields(self):
        out = self.out / "zarr"
        out.mkdir()
        pipeline = out / "zarr.toml"
        pipeline.write_text(pathlib.Path("pipelines/ens15d.toml").read_text() + ZARR)
        run(out, pipeline=str(pipeline))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            store = xr.open_zarr(out / "all.zarr", consolidated=True, chunks=None)
        self.addCleanup(store.close)
        self.assertEqual(store.geopotential.dims,
                         ("time", "number", "prediction_timedelta", "level", "latitude", "longitude"))
        np.testing.assert_array_equal(store.time, np.array(["2002-01-11T00"], "datetime64[ns]"))
        np.testing.assert_array_equal(store.number, [1, 2, 3])
        np.testing.assert_array_equal(store.prediction_timedelta, np.array([0, 6, 12], "timedelta64[h]"))
        np.testing.assert_array_equal(store.level, [250, 500, 850])
        later = store.isel(time=0, prediction_timedelta=slice(1, None))
        for name, short_name in (("geopotential", "z"), ("2m_temperature", "t2m"), ("total_precipitation_6hr", "tp")):
            np.testing.assert_array_equal(later[name], self.forecast[short_name])
        start = store.isel(prediction_timedelta=0)
        self.assertTrue(np.isnan(start.total_precipitation_6hr).all())
        self.assertTrue(np.isfinite(start["2m_temperature"]).all())

    def test_a_region_across_the_meridian_of_0_runs_from_west_to_east(self):
        out = self.out / "europe"
        out.mkdir()
        pipeline = out / "europe.toml"
        pipeline.write_text(pathlib.Path("pipelines/ens15d.toml").read_text() + EUROPE)
        run(out, pipeline=str(pipeline))
        globe = self.forecast.isel(step=[1])
        globe = globe.assign_coords(longitude=(globe.longitude + 180) % 360 - 180).sortby("longitude")
        expected = globe.sel(latitude=slice(34, 72), longitude=slice(-20, 30))
        self.assertEqual(expected.t2m.shape[-2:], (7, 9))
        with open_dataset(out / "europe_20020111T00.nc") as europe:
            np.testing.assert_array_equal(europe.step, np.array([12], "timedelta64[h]"))
            for name in ("longitude", "latitude", "z", "t2m", "tp"):
                np.testing.assert_array_equal(europe[name], expected[name])
        store = xr.open_zarr(out / "europe.zarr", consolidated=True, chunks=None)
        self.addCleanup(store.close)
        np.testing.assert_array_equal(store.longitude, expected.longitude)
        np.testing.assert_array_equal(store.prediction_timedelta, np.array([12], "timedelta64[h]"))
        np.testing.assert_array_equal(store["2m_temperature"].isel(time=0), expected.t2m)
        with open_grib(out / "europe_20020111T00-012.grib2", shortName="2t") as grib:
            field = grib.t2m.isel(latitude=slice(None, None, -1))
            east = (grib.longitude.values + 180) % 360 - 180
            np.testing.assert_allclose(east, expected.longitude, atol=1e-6)
            np.testing.assert_allclose(field.values, expected.t2m.isel(step=0).values, rtol=0, atol=0.002)

    def test_latents_are_read_and_written_by_numpy(self):
        out = self.out / "latents"
        run(out, f"nodes.latents.path={out}/{{init}}.npy", pipeline="pipelines/latents15d.toml")
        latents = np.load(out / "20020111T00.npy")
        self.assertEqual((latents.dtype, latents.shape), (np.float32, (3, 64, 3, 8, 16)))
        self.assertTrue((latents[:, :, 0] == latents[0, :, 0]).all())
        self.assertFalse((latents[0, :, 1] == latents[1, :, 1]).any())
        np.save(out / "latent_2002011100.npy", latents[::-1].astype(np.float64))
        for name in ("20020111T00", "latent_2002011100"):
            run(out / name, f"latents={out}/{name}.npy", "run.batch=1", pipeline="pipelines/decode.toml")
        with open_dataset(out / "latent_2002011100" / "20020111T00.nc") as reverse, \
                open_dataset(out / "20020111T00" / "20020111T00.nc") as decoded:
            for number in (1, 2, 3):
                np.testing.assert_array_equal(reverse.z.sel(number=4 - number), decoded.z.sel(number=number))
        np.save(out / "columns.npy", np.asfortranarray(latents))
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            run(out / "columns", f"latents={out}/columns.npy", pipeline="pipelines/decode.toml")
        self.assertIn(b"columns.npy: it is in Fortran order", refused.exception.stderr)

    def test_scores_are_those_of_the_files(self):
        with open(self.out / "scores.csv", newline="") as file:
            rows = {(row["lead_hours"], row["forecast"], row["score"]): float(row["value"])
                    for row in csv.DictReader(file)
                    if row["init"] and row["region"] == "global" and row["variable"] == "2m_temperature" and row["value"]}
        latitude = self.forecast.latitude.values
        with open_dataset("examples/small_planet/truth.nc") as truth:
            name = "t2m" if "t2m" in truth else "2m_temperature"
            times = truth.indexes[truth[name].dims[0]]
            for step, lead in enumerate(("6", "12")):
                valid = self.forecast.valid_time.values[step]
                y = truth[name].isel({truth[name].dims[0]: list(times).index(valid)}).values.astype(float)
                x = self.forecast.t2m.isel(step=step).values.astype(float)
                rmse = np.sqrt(area_mean((x.mean(axis=0) - y) ** 2, latitude))
                pairs = np.abs(x[:, None] - x[None]).sum(axis=(0, 1)) / (3 * 2)
                crps = area_mean(np.abs(x - y).mean(axis=0) - pairs / 2, latitude)
                self.assertAlmostEqual(rows[lead, "model", "rmse"] / rmse, 1, places=8)
                self.assertAlmostEqual(rows[lead, "model", "crps_fair"] / crps, 1, places=8)

    def test_the_file_of_scores_holds_those_of_the_table(self):
        out = self.out / "scores"
        out.mkdir()
        pipeline = out / "scores.toml"
        pipeline.write_text(pathlib.Path("pipelines/ens15d.toml").read_text() + SCORE_FILE)
        run(out, pipeline=str(pipeline))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            scores = open_dataset(out / "scores.nc")
        self.addCleanup(scores.close)
        model = scores.sel(forecast="model", region="global")
        self.assertEqual(model.rmse.dims, ("channel", "lead"))
        np.testing.assert_array_equal(scores.lead, np.array([6, 12], "timedelta64[h]"))
        np.testing.assert_array_equal(scores.init, np.array(["2002-01-11T00"], "datetime64[ns]"))
        self.assertEqual(str(model.members.values), "3")
        self.assertEqual(str(scores.limits.sel(region="tropics").values), "latitude -20 to 20, longitude 0 to 360")
        np.testing.assert_allclose(model.rmse ** 2, model.mse, rtol=1e-14)
        np.testing.assert_array_equal(scores.mae_by_init.isel(init=0), scores.mae)
        with open(out / "scores.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file)
                    if not row["init"] and not row["event"] and not row["bin"] and row["value"]]
        self.assertGreater(len(rows), 100)
        for row in rows:
            cell = dict(forecast=row["forecast"], region=row["region"],
                        channel=f"{row['variable']} {row['level']}".strip(),
                        lead=np.timedelta64(int(row["lead_hours"]), "h"))
            one = scores[row["score"]].sel(cell)
            np.testing.assert_allclose(one, float(row["value"]), rtol=1e-9)
            self.assertEqual(str(one.channel_variable.values), row["variable"])
            self.assertEqual(int(scores[row["score"] + "_count"].sel(cell)), 1)


if __name__ == "__main__":
    unittest.main()
