# shellcheck shell=bash
# Sourced by train and experiments/run, from the root of the repository: the archive of the small
# planet, and how a step is made.
#
# PLASIM names the folder with the archive (July 2000 to February 2002, 80 MB, not part of the
# repository), PROGRAM the program.
# shellcheck source=examples/step.sh
. examples/step.sh
plasim=${PLASIM:-../shared/data/plasim}
training="$plasim/plasim_64x32_6h_200[01]*.nc"
validation=$plasim/plasim_64x32_6h_2002_jan-feb.nc
training_times='{ first = 2000-07-01T00:00:00Z, last = 2001-12-31T18:00:00Z, every_hours = 6 }'
validation_times='{ first = 2002-01-01T00:00:00Z, last = 2002-02-28T18:00:00Z, every_hours = 6 }'
if [ ! -f "$validation" ]; then
  echo "there is no $validation; set PLASIM to the folder with the small planet's archive" >&2
  exit 1
fi

# encode MODEL FOLDER: latents of the training months in FOLDER/latents, of the others in
# FOLDER/checks.
encode() {
  step "$2/latents" encode_training_set --set "model=$1" --set "archive=$training" \
    --set "run.inits=$training_times"
  step "$2/checks" encode_training_set --set "model=$1" --set "archive=$validation" \
    --set "run.inits=$validation_times"
}
