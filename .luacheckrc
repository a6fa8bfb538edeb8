-- For luacheck, which `npm run check:fast` runs.
std = 'luajit'
-- scripts/check/lines.mjs looks at that.
max_line_length = false
-- Options, variables and functions of Neovim are set through it.
globals = { 'vim' }
