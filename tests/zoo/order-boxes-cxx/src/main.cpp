#include <iostream>

#include "box.hpp"
#include "tokenizer.hpp"

static Box parse(Tokenizer &tokens)
{
    const auto name = tokens.word();
    return Box(name, tokens.number(), tokens.number());
}

int main()
{
    Tokenizer tokens("door 80 200 table 120 60 tile 30 30 shelf 90 25");
    while (!tokens.done()) {
        const Box box = parse(tokens);
        std::cout << box.name() << ' ' << box.area() << (box.wide() ? " wide" : " tall") << '\n';
    }
}
