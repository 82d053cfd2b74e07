#pragma once

// Temperature in degrees Celsius of a type K thermocouple, from its voltage in millivolts (0 to 20.644 mV).
double celsius(double millivolts);

// The same in single precision with four terms, as the small boards do it.
float celsius_small(float millivolts);
