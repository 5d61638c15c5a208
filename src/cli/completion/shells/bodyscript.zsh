#compdef bodyscript
# Completion of bodyscript for zsh.
# In ~/.zshrc: eval "$(bodyscript completion zsh)"

_bodyscript() {
  local line word directive=0 found=1
  local -a offered described
  # As typed, such as node_modules/.bin/bodyscript: only that one may be installed.
  local program=${(Q)words[1]}
  program=${program/#\~\//$HOME/}
  whence -- "$program" >/dev/null || program=bodyscript
  for line in "${(@f)$("$program" complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}"; do
    if [[ $line == :* ]]; then
      directive=${line#:}
      continue
    fi
    word=${line%%$'\t'*}
    # What stands before the equals sign is not completed any more.
    [[ $word == --*=* ]] && word=${word#*=}
    offered+=("$word")
    [[ $line == *$'\t'* ]] && word=${word//:/\\:}:${line#*$'\t'} || word=${word//:/\\:}
    described+=("$word")
  done
  [[ $PREFIX == --*=* ]] && compset -P '*='
  if (( $#offered )); then
    _describe -t values value described offered && found=0
  fi
  case $directive in
    0) _files && found=0 ;;
    16) _files -/ && found=0 ;;
  esac
  return found
}

if [[ ${funcstack[1]} == _bodyscript ]]; then
  _bodyscript "$@" # As a file in $fpath.
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _bodyscript bodyscript
fi
