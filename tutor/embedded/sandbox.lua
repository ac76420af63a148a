-- The Lua that scripts and functions see: Redis's environment, and nothing of the machine underneath.
-- Runs once per interpreter. `host` holds Python functions; scripts never get hold of them, only of the
-- Lua functions around them, so that no attribute of a Python object is ever in reach.
local host = ...

local error, type, pairs, ipairs, select, tostring = error, type, pairs, ipairs, select, tostring
local rawget, rawset, setmetatable, xpcall = rawget, rawset, setmetatable, xpcall
local loadstring, setfenv, collectgarbage = loadstring, setfenv, collectgarbage
local byte, concat, getinfo = string.byte, table.concat, debug.getinfo

-- Precompiled chunks can break the interpreter's memory safety, so none is written and none is read.
string.dump = nil
getmetatable("").__metatable = false
-- One metatable serves every Python object; its __gc, called by hand, would free what is still in use.
getmetatable(host.null).__metatable = false

local function readonly()
  error("Attempt to modify a readonly table", 2)
end

local function view(fields)
  return setmetatable({}, {__index = fields, __newindex = readonly, __metatable = false})
end

local current = {}
local env = setmetatable({}, {
  __index = function(_, name)
    local value = current[name]
    if value == nil then
      error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
    end
    return value
  end,
  __newindex = readonly,
  __metatable = false,
})

local function compile(code, name)
  if type(code) ~= "string" then
    error("bad argument #1 to 'loadstring' (string expected, got " .. type(code) .. ")", 3)
  end
  if byte(code, 1) == 27 then
    return nil, "precompiled chunks are not allowed"
  end
  local chunk, message = loadstring(code, name)
  if chunk then
    setfenv(chunk, env)
  end
  return chunk, message
end

local function guarded_loadstring(code, name)
  return compile(code, name or code)
end

local function guarded_load(reader, name)
  if type(reader) ~= "function" then
    error("bad argument #1 to 'load' (function expected, got " .. type(reader) .. ")", 2)
  end
  local parts = {}
  while true do
    local part = reader()
    if part == nil or part == "" then
      break
    elseif type(part) ~= "string" then
      return nil, "reader function must return a string"
    end
    parts[#parts + 1] = part
  end
  return compile(concat(parts), name or "=(load)")
end

local function guarded_collectgarbage(what)
  if what == "count" then
    return collectgarbage("count")
  end
  return collectgarbage("collect")
end

local function guarded_rawset(object, key, value)
  if getmetatable(object) == false then
    error("Attempt to modify a readonly table", 2)
  end
  return rawset(object, key, value)
end

-- An error of a command is a table with `err`, as in Redis 7, so that pcall hands it on unchanged.
local function call(...)
  local good, value = host.call(...)
  if not good then
    error({err = value}, 0)
  end
  return value
end

local function pcall_command(...)
  local good, value = host.call(...)
  if not good then
    return {err = value}
  end
  return value
end

local function checked(func)
  return function(...)
    local good, value = func(...)
    if not good then
      error(value, 2)
    end
    return value
  end
end

local function error_reply(...)
  local message = ...
  if select("#", ...) ~= 1 or type(message) ~= "string" then
    error({err = "ERR wrong number or type of arguments"}, 0)
  end
  if message:sub(1, 1) == "-" then
    message = message:sub(2)
  end
  if not message:find(" ", 1, true) then
    message = "ERR " .. message
  end
  return {err = message}
end

local function status_reply(...)
  local message = ...
  if select("#", ...) ~= 1 or type(message) ~= "string" then
    error({err = "ERR wrong number or type of arguments"}, 0)
  end
  return {ok = message}
end

local registered

local function register_function(...)
  if registered == nil then
    error({err = "ERR redis.register_function can only be called on FUNCTION LOAD command"}, 0)
  end
  local count, first, second = select("#", ...), ...
  local entry = {flags = {}}
  if count == 1 and type(first) == "table" then
    for key, value in pairs(first) do
      if key == "function_name" then
        entry.name = value
      elseif key == "callback" then
        entry.callback = value
      elseif key == "description" then
        entry.description = value
      elseif key == "flags" then
        if type(value) ~= "table" then
          error({err = "ERR flags argument to redis.register_function must be a table representing function flags"}, 0)
        end
        entry.flags = value
      else
        error({err = "ERR unknown argument given to redis.register_function"}, 0)
      end
    end
    if entry.name == nil then
      error({err = "ERR redis.register_function must get a function name argument"}, 0)
    end
    if entry.callback == nil then
      error({err = "ERR redis.register_function must get a callback argument"}, 0)
    end
  elseif count == 1 then
    error({err = "ERR calling redis.register_function with a single argument is only applicable to Lua table"
      .. " (representing named arguments)."}, 0)
  elseif count == 2 then
    entry.name, entry.callback = first, second
  else
    error({err = "ERR wrong number of arguments to redis.register_function"}, 0)
  end
  if type(entry.name) ~= "string" then
    error({err = "ERR first argument to redis.register_function must be a string"}, 0)
  end
  if type(entry.callback) ~= "function" then
    error({err = "ERR second argument to redis.register_function must be a function"}, 0)
  end
  registered[#registered + 1] = entry
end

-- Faults in calling the API itself are errors of their own, without a position in front.
local function api_checked(func)
  return function(...)
    local good, value = func(...)
    if not good then
      error({err = "ERR " .. value}, 0)
    end
    return value
  end
end

local log = api_checked(host.log)
local levels = {LOG_DEBUG = 0, LOG_VERBOSE = 1, LOG_NOTICE = 2, LOG_WARNING = 3}
local api = {
  call = call, pcall = pcall_command, log = log, setresp = api_checked(host.setresp), sha1hex = api_checked(host.sha1hex),
  error_reply = error_reply, status_reply = status_reply,
  REPL_NONE = 0, REPL_AOF = 1, REPL_SLAVE = 2, REPL_REPLICA = 2, REPL_ALL = 3,
  set_repl = function() end, replicate_commands = function() return true end, breakpoint = function() return false end,
  debug = function() end, acl_check_cmd = function() return true end,
  REDIS_VERSION = host.version, REDIS_VERSION_NUM = host.version_number,
}
local load_api = {
  register_function = register_function, log = log,
  REDIS_VERSION = host.version, REDIS_VERSION_NUM = host.version_number,
}
for name, level in pairs(levels) do
  api[name], load_api[name] = level, level
end

local bits = {}
for _, name in ipairs({"tobit", "bnot", "band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror", "bswap",
                       "tohex"}) do
  local func = host.bit[name]
  bits[name] = checked(function(...) return func(...) end)
end

local script_globals = {
  redis = view(api),
  cjson = view({encode = checked(host.cjson_encode), decode = checked(host.cjson_decode), null = host.null}),
  bit = view(bits),
  string = view(string), math = view(math), table = view(table), coroutine = view(coroutine),
  loadstring = guarded_loadstring, load = guarded_load, collectgarbage = guarded_collectgarbage,
  rawset = guarded_rawset, _G = env,
}
for _, name in ipairs({"_VERSION", "assert", "error", "gcinfo", "getmetatable", "ipairs", "next", "pairs", "pcall",
                       "rawequal", "rawget", "select", "setmetatable", "tonumber", "tostring", "type", "unpack",
                       "xpcall"}) do
  script_globals[name] = _G[name]
end
-- What a library sees while FUNCTION LOAD runs it: everything but the commands.
local load_view = setmetatable({}, {
  __index = function(_, name)
    local value = load_api[name]
    if value == nil then
      error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
    end
    return value
  end,
  __newindex = readonly,
  __metatable = false,
})
local load_globals = setmetatable({redis = load_view}, {__index = script_globals})

-- `tostring` answers whatever a __tostring answers.
local function text(value)
  local shown = tostring(value)
  return type(shown) == "string" and shown or type(value)
end

-- Where an error was raised: the innermost line of the script itself.
local function located(problem)
  local source, line
  for level = 2, 200 do
    local info = getinfo(level, "Sl")
    if info == nil then
      break
    end
    if (info.source == "@user_script" or info.source == "@user_function") and info.currentline > 0 then
      source, line = info.source, info.currentline
      break
    end
  end
  if type(problem) == "table" then
    return {err = text(rawget(problem, "err") or "ERR unknown error"), source = source, line = line}
  end
  return {err = "ERR " .. text(problem), plain = true, source = source, line = line}
end

local engine = {}

engine.compile, engine.rawget = compile, rawget

function engine.collect()
  current = {}
  collectgarbage("collect")
end

function engine.run(chunk, keys, argv)
  current = setmetatable({KEYS = keys, ARGV = argv}, {__index = script_globals})
  local good, value = xpcall(chunk, located)
  return good, value
end

function engine.call(callback, keys, args)
  current = script_globals
  local good, value = xpcall(function() return callback(keys, args) end, located)
  return good, value
end

function engine.load(chunk)
  registered, current = {}, load_globals
  local good, problem = xpcall(chunk, located)
  local result = registered
  registered = nil
  return good, problem, result
end

-- Nothing of the bare interpreter stays in reach, should anything ever run outside `env`.
for _, name in ipairs({"python", "io", "os", "package", "require", "module", "debug", "dofile", "loadfile", "newproxy",
                       "print", "getfenv", "setfenv", "load", "loadstring"}) do
  _G[name] = nil
end

return engine
