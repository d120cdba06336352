# shellcheck shell=bash
# Sourced by the scripts that train models, from the root of the repository. PROGRAM names the
# program; with COMMAND=check the pipelines of all steps are checked and nothing is computed.
program=${PROGRAM:-build/ladcast-flow}
command=${COMMAND:-run}

# step FOLDER PIPELINE ARGUMENT...: once, going on where it was broken off.
step() {
  local to=$1 pipeline=$2
  shift 2
  [ ! -f "$to/done" ] || return 0
  local go_on=()
  [ "$command" != run ] || [ ! -s "$to/.journal/journal" ] || go_on=(--resume)
  "$program" "$command" "pipelines/$pipeline.toml" --set "out=$to" "${go_on[@]}" "$@"
  [ "$command" != run ] || touch "$to/done"
}
