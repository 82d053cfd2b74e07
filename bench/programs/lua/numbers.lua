-- Numbers as text and back, strings in order, integers at their ends, the elementary functions.
for i = 1, 60 do
  local x = (i * 0.37) ^ (i % 7 - 3)
  print(string.format("%.17g %.17g %.17g %.17g", math.exp(x % 5), math.log(x + 1), math.sin(x), x ^ 0.3))
end
local words = {"Äpfel", "apple", "zebra", "éclair", "Zoo", "\255", "\127", ""}
table.sort(words)
for _, word in ipairs(words) do print((word:gsub("[\128-\255]", function(c) return "<" .. c:byte() .. ">" end))) end
print(math.maxinteger + 1 == math.mininteger, math.mininteger // -1, math.mininteger % -1, 7 // -2, 7 % -3, -7.5 % 2)
print(math.tointeger("0x7fffffffffffffff"), math.tointeger(2 ^ 53), tonumber("1e308") * 10, -(0 / 0) ~= -(0 / 0))
print(string.pack("<i4d", 7, 1.5):byte(1, -1))
print(("%a %e %g"):format(0.1, 1e300, 1e-5), ("%5.1f|%-8d|%x"):format(2.25, 42, 255))
