// Lets a pyramid of boxes and some discs fall on the ground and prints where every body is.
#include <box2d/box2d.h>

#include <cstdio>
#include <vector>

int main()
{
    b2World world(b2Vec2(0.0f, -10.0f));
    b2BodyDef ground_place;
    b2Body* ground = world.CreateBody(&ground_place);
    b2EdgeShape edge;
    edge.SetTwoSided(b2Vec2(-40.0f, 0.0f), b2Vec2(40.0f, 0.0f));
    ground->CreateFixture(&edge, 0.0f);

    std::vector<b2Body*> bodies;
    for (int row = 0; row < 8; ++row)
        for (int column = row; column < 8; ++column) {
            b2BodyDef place;
            place.type = b2_dynamicBody;
            place.position.Set(-7.0f + 0.5625f * row + 1.125f * (column - row), 0.75f + 1.25f * row);
            b2Body* body = world.CreateBody(&place);
            b2PolygonShape box;
            box.SetAsBox(0.5f, 0.5f);
            body->CreateFixture(&box, 5.0f);
            bodies.push_back(body);
        }
    for (int number = 0; number < 6; ++number) {
        b2BodyDef place;
        place.type = b2_dynamicBody;
        place.position.Set(-6.0f + 1.7f * number, 14.0f + number);
        place.linearVelocity.Set(1.0f - number, -3.0f);
        b2Body* body = world.CreateBody(&place);
        b2CircleShape disc;
        disc.m_radius = 0.3f + 0.07f * number;
        body->CreateFixture(&disc, 2.0f);
        bodies.push_back(body);
    }
    for (int step = 1; step <= 300; ++step) {
        world.Step(1.0f / 60.0f, 8, 3);
        if (step % 30 == 0)
            for (const b2Body* body : bodies)
                std::printf("%d %.9g %.9g %.9g\n", step, body->GetPosition().x, body->GetPosition().y, body->GetAngle());
    }
}
